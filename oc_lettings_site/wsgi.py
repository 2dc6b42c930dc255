"""The WSGI application that gunicorn and runserver serve.

From the outside in: the proxies' word about scheme, address and host, where some are trusted;
the request log; the page cache; Django.
"""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oc_lettings_site.settings")

application = get_wsgi_application()

from django.conf import settings  # noqa: E402

from .pagecache.wsgi import PageCache  # noqa: E402

if settings.PAGE_CACHE_MB:
    application = PageCache(application, settings.PAGE_CACHE_MB * 1024 * 1024)
