FROM python:3.11-slim-bookworm

# Debian's Pango draws the PDF; without harfbuzz-subset the embedded fonts are not cut down.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        fonts-dejavu-core libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 hocxahoi \
    && install --directory --owner hocxahoi --mode 700 /data /data/media /backups

ENV PYTHONUNBUFFERED=1 VAR_DIR=/data MEDIA_ROOT=/data/media STATIC_ROOT=/srv/static
WORKDIR /srv/app

COPY requirements-runtime.lock ./
RUN pip install --no-cache-dir --require-hashes --requirement requirements-runtime.lock

COPY manage.py gunicorn.conf.py ./
COPY hocxahoi hocxahoi
COPY organisations organisations
COPY criteria criteria
COPY evaluations evaluations
COPY reports reports
COPY upkeep upkeep
COPY templates templates
COPY static static
COPY locale locale
COPY fixtures fixtures
COPY docs/huong-dan docs/huong-dan
# The values are for this one step; the container gets its own at run time or does not start.
# What root has collected is closed to others, as uploads are, and served by hocxahoi.
RUN SECRET_KEY=build ALLOWED_HOSTS=localhost VAR_DIR=/tmp/build \
    python manage.py collectstatic --no-input --verbosity 0 \
    && chmod --recursive a+rX "$STATIC_ROOT" \
    && rm -rf /tmp/build

USER hocxahoi
EXPOSE 8000
CMD ["gunicorn", "hocxahoi.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--no-control-socket"]
