"""Settings of the old site, for Django 3.0; make_dumps.py copies them beside its apps."""

import os

SECRET_KEY = "only-to-make-old-databases"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
] + os.environ["OLD_APPS"].split(",")
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {"default": {"ENGINE": os.environ["OLD_ENGINE"], "NAME": os.environ["OLD_NAME"]}}
for name in ("HOST", "PORT", "USER", "PASSWORD"):
    DATABASES["default"][name] = os.environ.get("PG" + name, "")
USE_TZ = True
# Both apps have a profile of the user for as long as the split lasts.
SILENCED_SYSTEM_CHECKS = ["fields.E304", "fields.E305"]
