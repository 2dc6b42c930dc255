"""Bugsink's settings: one process, a database in a file, nobody told of anything."""

import os

from bugsink.settings.default import *  # noqa: F401, F403
from bugsink.settings.default import DATABASES

SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
TIME_ZONE = "UTC"
DATABASES["default"]["NAME"] = "/data/db.sqlite3"
DATABASES["snappea"]["NAME"] = "/data/snappea.sqlite3"
# An event is in its issue when the client gets its answer, so that no worker is needed.
SNAPPEA = {"TASK_ALWAYS_EAGER": True, "NUM_WORKERS": 1}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
BUGSINK = {
    "BASE_URL": f"http://127.0.0.1:{os.environ.get('PORT', '8000')}",
    "SITE_TITLE": "Bugsink, in the place of Sentry",
    "INGEST_STORE_BASE_DIR": "/data/ingestion",
    "PHONEHOME": False,
}
