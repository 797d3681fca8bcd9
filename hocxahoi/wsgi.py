import os

from django.core.wsgi import get_wsgi_application

from hocxahoi.bodies import whole_bodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocxahoi.settings")
application = whole_bodies(get_wsgi_application())
