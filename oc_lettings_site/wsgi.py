"""The WSGI application that gunicorn and runserver serve: ``application``."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oc_lettings_site.settings")

from django.core.wsgi import get_wsgi_application  # noqa: E402

from core.server.refusals import answer  # noqa: E402

from . import start_checks  # noqa: E402
from .settings import env  # noqa: E402
from .wsgi_middleware import wrap  # noqa: E402

# gunicorn.conf.py has asked already; other servers ask here.
start_checks.stop_unless_fit(env)
application = wrap(get_wsgi_application())

# Once, before the fork: the first page that is rendered loads all URLs and templates, and the loop
# of a worker, which refuses by itself what is no request, would stand still meanwhile.
answer(400)
