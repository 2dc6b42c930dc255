"""Every setting, read from the environment; docs/configuration.md lists the variables."""

import os
import sys
from pathlib import Path

import django
from csp.constants import NONE, SELF
from dotenv import dotenv_values
from whitenoise.compress import Compressor

from core import databases, mail_url, retention
from core.env import REQUIRED, Env, mask_url
from core.files import storage
from core.observability import logs

from . import production_rules, start_checks

BASE_DIR = Path(__file__).resolve().parent.parent

# Who we are

TESTING = "pytest" in sys.modules
# .env is a developer's: where the process's own environment says otherwise, it is not read.
LOCAL = not TESTING and Env(os.environ).str("ENVIRONMENT", "development") == "development"
env = Env(os.environ, dotenv_values(BASE_DIR / ".env") if LOCAL else {})

ENVIRONMENT = env.choice(
    "ENVIRONMENT",
    "test" if TESTING else "development",
    ("development", "test", "staging", "production"),
)
DEPLOYED = ENVIRONMENT in start_checks.DEPLOYED
DEBUG = env.bool("DEBUG", ENVIRONMENT == "development")
DEFAULT_EXCEPTION_REPORTER = "oc_lettings_site.debug_pages.Reporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "oc_lettings_site.debug_pages.Filter"
# The image knows its commit; on Heroku's buildpack the platform tells.
RELEASE = env.str("RELEASE", env.str("HEROKU_SLUG_COMMIT", "unknown"))

SECRET_KEY = env.secret(
    "SECRET_KEY",
    REQUIRED if DEPLOYED else production_rules.DEVELOPMENT_KEY,
    why=production_rules.SECRET_KEY_WHY,
    fix=production_rules.SECRET_KEY_FIX,
)
ALLOWED_HOSTS = env.parsed(
    "ALLOWED_HOSTS",
    REQUIRED if DEPLOYED else ["localhost", "127.0.0.1", "[::1]", "testserver"],
    production_rules.parse_hosts,
    "host names without scheme and port, separated by commas",
    show=",".join,
    why="a page is only served under the names you own",
    fix="export ALLOWED_HOSTS=www.example.org",
)

# What runs

PORT = env.int("PORT", 8000)
# Where visitors reach the site, if neither there nor at the scheme's own port: core.web.hosts.
PUBLIC_PORT = env.int("PUBLIC_PORT", PORT)
WEB_CONCURRENCY = env.int("WEB_CONCURRENCY", 2, at_least=1)
WEB_THREADS = env.int("WEB_THREADS", 4, at_least=1)
WEB_MACHINES = env.int("WEB_MACHINES", 1, at_least=1)

INSTALLED_APPS = [
    "oc_lettings_site",
    "core",
    "lettings",
    "profiles",
    "background",
    "ratelimits",
    "enquiries",
    "accounts",
    "dashboard",
    "oc_lettings_site.admin_app.SiteAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "core.web.middleware.ProbeMiddleware",
    "core.web.middleware.LanguageMiddleware",
    "core.web.middleware.ProblemMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.web.middleware.HeadersMiddleware",
    "core.web.middleware.RequestChecksMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.web.middleware.SlashMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "core.web.middleware.SignedOutMiddleware",
    "core.web.middleware.UploadRoomMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "profiles.middleware.TimeZoneMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "core.web.middleware.BusyMiddleware",
]

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]

ROOT_URLCONF = "oc_lettings_site.urls"
WSGI_APPLICATION = "oc_lettings_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                ("django.template.loaders.cached.Loader", ["core.web.template_loader.Loader"])
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Where things are kept

DATABASE_URL = env.parsed(
    "DATABASE_URL",
    REQUIRED if DEPLOYED else f"sqlite:///{BASE_DIR}/db.sqlite3",
    databases.parse_url,
    databases.EXAMPLES,
    hide=mask_url,
    why="the site keeps everything there, and a wrong one loses it",
    fix="export DATABASE_URL=postgres://user:password@host:5432/name",
)
DATABASE_POOL_SIZE = env.int("DATABASE_POOL_SIZE", WEB_THREADS)
DATABASES = {
    "default": databases.configure(
        DATABASE_URL or "sqlite://:memory:",
        pool_size=DATABASE_POOL_SIZE,
        statement_timeout=env.int("DATABASE_STATEMENT_TIMEOUT_MS", 15_000),
        lock_timeout=env.int("DATABASE_LOCK_TIMEOUT_MS", 5_000),
        idle_in_transaction_timeout=env.int("DATABASE_IDLE_IN_TRANSACTION_TIMEOUT_MS", 30_000),
    )
}

REDIS_URL = env.url(
    "REDIS_URL",
    "",
    ("redis", "rediss", "unix"),
    fix="export REDIS_URL=rediss://:password@host:6379/0 (percent-encode the password); or: unset"
    " REDIS_URL",
)
if TESTING:
    REDIS_URL = ""  # Each test empties its cache; the Redis they may use is TEST_REDIS_URL.
# Heroku's Redis signs its own certificate, and its URL is not ours to edit:
# https://devcenter.heroku.com/articles/connecting-heroku-redis
if not env.bool("REDIS_VERIFY_CERTIFICATE", True) and REDIS_URL.startswith("rediss://"):
    REDIS_URL += f"{'&' if '?' in REDIS_URL else '?'}ssl_cert_reqs=none"
CACHES = {
    # What must not be forgotten: rate limits, and codes that were used. allauth takes this one.
    "default": {"BACKEND": "ratelimits.cache.RateLimitCache"},
    # What may be, at any time: shared by all with Redis, each process's own without.
    "shared": (
        {
            "BACKEND": "core.redis_cache.RedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
        if REDIS_URL
        else {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": 10_000},  # of the API's callers; 300 are soon there
        }
    ),
}

# Who does what a page leaves behind: Celery's worker; without Redis a thread of the web process.
# In a test it is done in place, when its transaction's callbacks are called.
BACKGROUND = "in place" if ENVIRONMENT == "test" else "celery" if REDIS_URL else "thread"

# Mail: written into the outbox (background/mail.py), and delivered from there by EMAIL_URL.

EMAIL_URL = env.parsed(
    "EMAIL_URL",
    "" if DEPLOYED or TESTING else "console://",
    mail_url.parse,
    mail_url.EXAMPLES,
    hide=mask_url,
    why="people confirm addresses and answer enquiries by mail",
    fix="export EMAIL_URL=smtp+tls://user:password@host:587 (percent-encode the password)",
)
MAIL_WAY_OUT = mail_url.way_out(EMAIL_URL or "")
# The newest Django has another name for it, and each warns of the other's.
if django.VERSION >= (6, 1):
    MAILERS = {"default": {"BACKEND": "background.mail.Outbox"}}
else:
    EMAIL_BACKEND = "background.mail.Outbox"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.parsed(
    "DEFAULT_FROM_EMAIL",
    REQUIRED if DEPLOYED and EMAIL_URL else "Orange County Lettings <lettings@localhost>",
    mail_url.parse_sender,
    "one address: lettings@example.org, Name <lettings@example.org>, or with a comma in it"
    ' "Name, Other" <lettings@example.org>',
    why="mail needs a sender, whose domain the mail server may send for",
    fix="export DEFAULT_FROM_EMAIL='Orange County Lettings <lettings@example.org>'",
)
# Where answers by mail come in; without one they go straight to the guest: enquiries/mails.py
INBOX_URL = env.parsed(
    "INBOX_URL",
    "",
    mail_url.parse_inbox,
    mail_url.INBOX_EXAMPLES,
    hide=mask_url,
    why="answers by mail are fetched there, and its address stands in every mail of an enquiry",
    fix="export INBOX_URL=imaps://answers%40example.org:password@imap.example.org (percent-encode"
    " user and password); or: unset INBOX_URL",
)
MAIL_WAY_IN = mail_url.way_in(INBOX_URL or "")

# Off in development, where templates change without the data.
PAGE_CACHE_MB = env.int("PAGE_CACHE_MB", 32 if DEPLOYED else 0)

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Each by its own name. The first has the bare addresses, the others a prefix: languages.py. The
# image keeps what libraries say in these: deploy/image/build/prune.
LANGUAGES = [("en", "English"), ("fr", "Français")]
LANGUAGE_CODE = LANGUAGES[0][0]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = start_checks.STATIC_ROOT
# Without a collected STATIC_ROOT (development, tests) the files come from the apps' folders.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not DEPLOYED
# Compressed already, and half a minute's work to find that out.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("avif", *Compressor.SKIP_COMPRESS_EXTENSIONS)
# Where browsers get the pictures: from the site, or from a CDN in front of it or of the bucket.
MEDIA_URL = env.parsed(
    "MEDIA_URL",
    "/media/",
    storage.parse_media_url,
    "an address that ends with a slash: https://cdn.example.org/media/",
)
MEDIA_ROOT = BASE_DIR / "media"
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "core.files.upload_handler.RoomyUploadHandler",
]
# Heroku names its dynos, whose disks forget: checks.py.
DYNO = env.str("DYNO")
STORAGES = {
    "default": storage.configure(env),
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if DEPLOYED
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}

# Who is trusted: docs/proxy.md

TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)
# Heroku's router hands on whatever X-Forwarded-Host a client made up: hence a switch of its own.
TRUST_FORWARDED_HOST = env.bool("TRUST_FORWARDED_HOST", False)
# With no proxy declared every request looks like plain HTTP, and redirecting it would never end.
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", DEPLOYED and TRUSTED_PROXIES > 0)

# What a browser may do

SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000 if DEPLOYED else 0)
# Whether every sub-domain speaks TLS is not this site's to promise, so these two checks are mute.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = DEPLOYED
# __Host-: the browser itself refuses one that is not secure, or set by another sub-domain.
SESSION_COOKIE_AGE = int(retention.SESSION.total_seconds())
SESSION_COOKIE_NAME = "__Host-sessionid" if DEPLOYED else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if DEPLOYED else "csrftoken"
CSRF_FAILURE_VIEW = "core.web.errors.csrf_failure"

# Accounts: https://docs.allauth.org/en/latest/account/configuration.html

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:index"
ACCOUNT_LOGOUT_REDIRECT_URL = "index"  # by name: of the language that the page spoke
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "change_password": "accounts.forms.ChangePasswordForm",
    "login": "accounts.forms.SignInForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "signup": "accounts.forms.SignupForm",
}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # who has no account is sent nothing
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_USERNAME_MIN_LENGTH = 3
ACCOUNT_USERNAME_VALIDATORS = "accounts.user_names.NEW"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_CHANGE_EMAIL = True  # one address each; the old one holds until the new one is confirmed
ACCOUNT_EMAIL_NOTIFICATIONS = True
# The way in for whom others have locked out (accounts/sign_in_limits.py): a new password by
# mail asks for no password. A second factor is asked for all the same.
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# allauth's own writes an unconfirmed EmailAddress for who has none, at anyone's request: people of
# the site of 2021 would pass for newcomers who never confirmed theirs:
# accounts/sign_in_stages.py.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
# login_failed: of wrong codes of the second factor, for one account; passwords are counted by axes
# instead (AccountAdapter.pre_authenticate). reset_password, confirm_email: not by the address that
# is written there, as allauth has it: anybody could keep its owner from asking. How many mails one
# address gets is bounded by accounts/mail_limits.py.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "5/15m/key",
    "reset_password": "20/m/ip",
    "confirm_email": None,
}
# Behind a trusted proxy that ends TLS, the request knows; without one, nobody does.
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if DEPLOYED else "http"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Without it, whoever has a second factor could never change their address: a new one waits for its
# confirmation. Nobody comes in who has confirmed none (accounts/sign_in_stages.py).
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "add_webauthn": "accounts.security_keys.NewKeyForm",
    "authenticate_webauthn": "accounts.security_keys.AuthenticateForm",
    "login_webauthn": "accounts.security_keys.LoginForm",
    "reauthenticate_webauthn": "accounts.security_keys.ReauthenticateForm",
    "edit_webauthn": "accounts.forms.KeyForm",
    "authenticate": "accounts.one_time_codes.AuthenticateForm",
    "reauthenticate": "accounts.one_time_codes.ReauthenticateForm",
}
# One step of 30 s either way: clocks differ, and typing takes its time.
# https://datatracker.ietf.org/doc/html/rfc6238#section-5.2
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Orange County Lettings"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not DEPLOYED  # http://localhost
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "accounts.passwords.LengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.api.tokens.TokenRevokingValidator"},
]
PASSWORD_HASHERS = [
    "accounts.passwords.Hasher",
    "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]

# Sign-in: who guesses is slowed down, by the bounds in accounts/sign_in_limits.py, of which one
# is enough. The address is the one that wsgi_middleware.py takes from trusted proxies alone.
AXES_FAILURE_LIMIT = 1
AXES_HANDLER = "accounts.sign_in_limits.Attempts"
AXES_USERNAME_CALLABLE = "accounts.sign_in_limits.tried_name"
AXES_CLIENT_IP_CALLABLE = "accounts.sign_in_limits.tried_from"
AXES_COOLOFF_TIME = retention.WRONG_PASSWORDS
AXES_LOCKOUT_PARAMETERS = "accounts.sign_in_limits.counted_by"
AXES_LOCKOUT_CALLABLE = "accounts.sign_in_limits.locked_out"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True
if TESTING:  # A slow hash is the point of a password, and none of a test.
    PASSWORD_HASHERS = ["accounts.passwords.QuickHasher", "accounts.passwords.Hasher"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, *storage.origin(MEDIA_URL)],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# What is told: logs.py and sentry.py

LOGGING = logs.config(as_json=DEPLOYED)

SECURITY_CONTACT = env.parsed(
    "SECURITY_CONTACT",
    "",
    production_rules.parse_contact,
    "an e-mail address or a link: security@example.org or https://example.org/security",
)

SENTRY_DSN = env.parsed(
    "SENTRY_DSN",
    "",
    production_rules.parse_dsn,
    "https://key@host/project",
    hide=mask_url,
    fix="copy it again from the Sentry project's settings, Client Keys; or: unset SENTRY_DSN",
)
SENTRY_TRACES_SAMPLE_RATE = env.float("SENTRY_TRACES_SAMPLE_RATE", 0.0, at_most=1.0)
SENTRY_SEND_PII = env.bool("SENTRY_SEND_PII", False)

# Development

DEBUG_TOOLBAR = env.bool("DEBUG_TOOLBAR", False)

if ENVIRONMENT == "development":
    INSTALLED_APPS += ["django_extensions", "django_browser_reload"]
    MIDDLEWARE += ["django_browser_reload.middleware.BrowserReloadMiddleware"]
    if DEBUG_TOOLBAR:
        INSTALLED_APPS += ["debug_toolbar"]
        MIDDLEWARE.insert(0, "debug_toolbar.middleware.DebugToolbarMiddleware")
        INTERNAL_IPS = ["127.0.0.1", "::1"]

if DEPLOYED:
    production_rules.note_weaknesses(env, SECRET_KEY, ALLOWED_HOSTS, DEBUG)
env.stop_on_faults()
