"""Every setting, read from the environment; docs/configuration.md lists the variables."""

import os
import sys
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from dotenv import dotenv_values

from .env import REQUIRED, Env

BASE_DIR = Path(__file__).resolve().parent.parent

TESTING = "pytest" in sys.modules
env = Env(os.environ, {} if TESTING else dotenv_values(BASE_DIR / ".env"))

ENVIRONMENT = env.choice(
    "ENVIRONMENT",
    "test" if TESTING else "development",
    ("development", "test", "staging", "production"),
)
DEPLOYED = ENVIRONMENT in {"staging", "production"}
DEBUG = env.bool("DEBUG", ENVIRONMENT == "development")
RELEASE = env.str("RELEASE", "unknown")

SECRET_KEY = env.str(
    "SECRET_KEY",
    REQUIRED if DEPLOYED else "only-for-development-and-tests",
    secret=True,
    why="it signs sessions and tokens",
)
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS",
    REQUIRED if DEPLOYED else ["localhost", "127.0.0.1", "[::1]", "testserver"],
    why="a page is only served under the names you own",
)

INSTALLED_APPS = [
    "oc_lettings_site",
    "lettings",
    "profiles",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]

ROOT_URLCONF = "oc_lettings_site.urls"
WSGI_APPLICATION = "oc_lettings_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": env.parsed(
        "DATABASE_URL",
        REQUIRED if DEPLOYED else dj_database_url.parse(f"sqlite:///{BASE_DIR}/db.sqlite3"),
        dj_database_url.parse,
        "sqlite:///path or postgres://user:password@host:port/name",
        secret=True,
        why="the site keeps everything there",
    )
    or {}
}
if DATABASES["default"].get("ENGINE") == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Writers queue up for the lock instead of failing half-way through a transaction:
        # https://docs.djangoproject.com/en/5.2/ref/databases/#sqlite-transaction-behavior
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-20000;"
        ),
    }

REDIS_URL = env.str("REDIS_URL", secret=True)
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
# Without a collected STATIC_ROOT (development, tests) the files come from the apps' folders.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not DEPLOYED
MEDIA_URL = "/media/"
MEDIA_ROOT = BASE_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if DEPLOYED
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

if ENVIRONMENT == "development":
    INSTALLED_APPS += ["django_extensions", "django_browser_reload"]
    MIDDLEWARE += ["django_browser_reload.middleware.BrowserReloadMiddleware"]

env.stop_on_faults()
