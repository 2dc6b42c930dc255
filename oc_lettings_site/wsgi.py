"""The WSGI application that gunicorn and runserver serve: ``application``."""

import os

from django.core.wsgi import get_wsgi_application

from .stack import around

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oc_lettings_site.settings")

application = around(get_wsgi_application())
