# Hai lệnh đầu tiên: `make demo` (chạy thử) và `make test` (chạy kiểm thử). `make help` kể hết.

PORT ?= 8000
ARGS ?=
TEST_DATABASE_URL ?= postgres://root@127.0.0.1:5432/test
TEST_REDIS_URL ?= redis://127.0.0.1:6379/15
COUNTRY_DATABASE_URL ?= postgres://root@127.0.0.1:5432/country

# The first interpreter that is new enough; empty when there is none.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
BIN := .venv/bin
HAS_UV := uv --version >/dev/null 2>&1
# Only what the settings ask for on a developer's own machine; a .env is read instead when there is one.
LOCAL := $(if $(wildcard .env),,DEBUG=1 LOG_FORMAT=line SECRET_KEY=chi-dung-tren-may-lap-trinh ALLOWED_HOSTS=127.0.0.1,localhost)
# As in service, so that `check --deploy` has something to say.
AS_IN_SERVICE := env -u REDIS_URL DATABASE_URL= DEBUG=0 HTTPS=1 ALLOWED_HOSTS=kiem-tra.example \
	VAR_DIR=var/check SECRET_KEY=kiem-tra-$$(head -c 48 /dev/urandom | od -An -tx1 | tr -d ' \n')

.DEFAULT_GOAL := help
.PHONY: help install demo run worker check fix lock test test-services golden fuzz bench load chaos machines country guide try-guide

help:
	@echo 'make demo            chạy thử với dữ liệu tập huấn (PORT=8000)'
	@echo 'make install         .venv với mọi gói của requirements.lock'
	@echo 'make run, worker     máy chủ lập trình; tiến trình báo cáo'
	@echo 'make check, fix      kiểm tra mã, kiểu, ranh giới, cấu hình; tự sửa định dạng'
	@echo 'make test            toàn bộ kiểm thử trên SQLite (ARGS="-k …")'
	@echo 'make test-services   kiểm thử trên PostgreSQL và Redis, trừ phần chỉ cần chạy một lần'
	@echo 'make golden          ghi lại nội dung mẫu của mọi báo cáo (tests/reports/golden) để so'
	@echo 'make fuzz            một trăm nghìn ca nhập liệu hiểm hóc (ARGS="--cases 5000 --seed 2 --only forms")'
	@echo 'make bench, guide    đo tốc độ; chụp lại hình của tài liệu hướng dẫn (ARGS="board rounds": vài phần)'
	@echo 'make load            200 cán bộ cùng làm việc mười phút, trên PostgreSQL và Redis (ARGS="--find-limit")'
	@echo 'make chaos           giết web, tiến trình báo cáo, PostgreSQL, Redis, làm đầy đĩa giữa lúc ghi (ARGS="--rounds 100 --embedded")'
	@echo 'make machines        hai máy chung PostgreSQL, Redis, S3; hai bộ hẹn giờ; khởi động lại lần lượt (ARGS="rolling": một phần)'
	@echo 'make country         cỡ cả nước so với một thành phố, trên PostgreSQL (ARGS="build pages": vài bước)'
	@echo 'make try-guide       gõ mọi lệnh của docs/van-hanh trên một bản cài mới của commit sau cùng'
	@echo 'make lock            ghi lại các tệp khóa phiên bản (cần uv)'

# --- Environment ------------------------------------------------------------------------------

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo 'Cần Python từ 3.11 trở lên: apt-get install python3'; exit 1; }
	@if $(HAS_UV); then uv venv --quiet --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv; \
	elif ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
		echo 'Thiếu gói tạo môi trường Python: apt-get install python3-venv'; exit 1; \
	else $(PYTHON) -m venv .venv; fi

# uv where there is one (seconds), pip else; every download is checked against the lock's hashes.
# The demo asks for the runtime alone (a third of the download); all else for everything.
.venv/.runtime: requirements-runtime.lock | $(BIN)/python
	@$(call install_from,requirements-runtime.lock)
	@touch $@

.venv/.ok: requirements.lock | $(BIN)/python
	@$(call install_from,requirements.lock,--compile-bytecode)
	@touch .venv/.runtime $@

define install_from
	echo 'Cài các gói của $(1)…'; \
	if $(HAS_UV); then uv pip install --quiet --python $(BIN)/python --require-hashes $(2) -r $(1); \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); fi
endef

install: .venv/.ok

# Universal on purpose: one file for every platform. No addresses of any registry get in.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate pyproject.toml
lock:
	$(LOCK) --group dev -o requirements.lock
	$(LOCK) -c requirements.lock -o requirements-runtime.lock

# --- Running ----------------------------------------------------------------------------------

demo: .venv/.runtime
	@exec $(BIN)/python manage.py demo --port $(PORT)

run: .venv/.ok
	$(LOCAL) $(BIN)/python manage.py migrate --verbosity 0
	$(LOCAL) $(BIN)/python manage.py runserver 127.0.0.1:$(PORT)

worker: .venv/.ok
	$(LOCAL) $(BIN)/celery -A hocxahoi worker --beat --schedule var/beat-schedule --loglevel INFO

# --- Checking ---------------------------------------------------------------------------------

check: .venv/.ok
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	find templates -name '*.html' -exec $(BIN)/djade --check --target-version 5.2 {} +
	$(AS_IN_SERVICE) $(BIN)/python manage.py makemigrations --check --dry-run
	$(AS_IN_SERVICE) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python -m pytest --quiet tests/test_lock.py

fix: .venv/.ok
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	find templates -name '*.html' -exec $(BIN)/djade --target-version 5.2 {} +

# A process for each core, each with half of the list; who is done first takes half of what the
# other has left. Whole stretches move, so a world made for a module is seldom made twice.
PYTEST := $(BIN)/python -m pytest -n 2 --dist worksteal

test: .venv/.ok
	env -u DATABASE_URL -u REDIS_URL $(PYTEST) $(ARGS)

# Pages, papers and files are the same on either database: `test` looks at them, once. No commit of
# a test waits for the disk; that commits last is what `chaos` tries.
test-services: .venv/.ok
	DATABASE_URL=$(TEST_DATABASE_URL) REDIS_URL=$(TEST_REDIS_URL) PGOPTIONS='-c synchronous_commit=off' $(PYTEST) -m 'not browser and not once' $(ARGS)

golden: .venv/.ok
	env -u DATABASE_URL -u REDIS_URL WRITE_GOLDEN=1 $(BIN)/python -m pytest -q tests/reports/test_golden.py $(ARGS)

# On SQLite, or on the DATABASE_URL that is given; the test database is made for it and dropped.
fuzz: .venv/.ok
	env -u REDIS_URL $(BIN)/python -m tests.fuzz $(ARGS)

bench: .venv/.ok
	$(BIN)/python -m benchmarks $(ARGS)

load: .venv/.ok
	TEST_DATABASE_URL=$(TEST_DATABASE_URL) TEST_REDIS_URL=$(TEST_REDIS_URL) $(BIN)/python -m benchmarks.load $(ARGS)

# Servers, disks and ports of its own; root mounts the small disks that are filled, others go without.
chaos: .venv/.ok
	$(BIN)/python -m tests.chaos $(ARGS)

# nginx and moto between two network namespaces (root) or two addresses of the loopback.
machines: .venv/.ok
	$(BIN)/python -m tests.machines $(ARGS)

# Makes two databases on that server, this one and its like with `_city`; they stay for the next run.
country: .venv/.ok
	COUNTRY_DATABASE_URL=$(COUNTRY_DATABASE_URL) $(BIN)/python -m benchmarks.country $(ARGS)

guide: .venv/.ok
	$(BIN)/python docs/huong-dan/pictures.py $(ARGS)

# TRY_POSTGRES=postgres://root@127.0.0.1:5432 and TRY_REDIS=redis://127.0.0.1:6379/9 try the guide
# on servers; else it is SQLite and a queue folder.
try-guide: .venv/.ok
	$(BIN)/python -m tests.operations.try_guide
