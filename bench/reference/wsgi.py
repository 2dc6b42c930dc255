"""What gunicorn serves for the reference."""

import os

from django.conf import empty, settings
from django.core.wsgi import get_wsgi_application

# gunicorn.conf.py has read the site's settings in this process; the reference has its own.
os.environ["DJANGO_SETTINGS_MODULE"] = "bench.reference.settings"
settings._wrapped = empty

application = get_wsgi_application()
