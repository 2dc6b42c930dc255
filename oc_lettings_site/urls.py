"""Mounts every app; the paths are those of the original site."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from accounts import one_time_codes
from core.files import serving
from profiles import avatars

from . import api, views, well_known

handler400 = "core.web.errors.bad_request"
handler403 = "core.web.errors.permission_denied"
handler404 = "core.web.errors.page_not_found"
handler429 = "core.web.errors.limited"  # asked for by allauth alone
handler500 = "core.web.errors.server_error"

# One door for all: the second factor counts for staff too, and so do guesses of a password.
admin.site.login = secure_admin_login(admin.site.login)
admin.site.password_change = RedirectView.as_view(pattern_name="account_change_password")

# In each language, English without a prefix: languages.py.
pages = i18n_patterns(
    path("", views.index, name="index"),
    path("lettings/", include("lettings.urls")),
    path("profiles/", include("profiles.urls")),
    path("enquiries/", include("enquiries.urls")),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/totp/activate/", one_time_codes.activate, name="mfa_activate_totp"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("dashboard/", include("dashboard.urls")),
    path("admin/", admin.site.urls),
    prefix_default_language=False,
)
urlpatterns = [
    *pages,
    path("api/v1/", api.urls()),
    re_path(rf"^media/(?P<name>{serving.NAME})\Z", serving.photo),
    re_path(rf"^media/(?P<name>{avatars.NAME})\Z", serving.photo),
    path("robots.txt", well_known.robots),
    path("sitemap.xml", well_known.sitemap_index, name="sitemap_index"),
    path("sitemap-<slug:section>.xml", well_known.sitemap, name="sitemap"),
    path(".well-known/security.txt", well_known.security, name="security"),
    path("site.webmanifest", well_known.manifest),
    path("favicon.ico", well_known.favicon),
    path("sentry-debug/", views.sentry_debug),
]

if settings.ENVIRONMENT == "development":
    urlpatterns += [path("__reload__/", include("django_browser_reload.urls"))]
    if settings.DEBUG_TOOLBAR:
        urlpatterns += [path("__debug__/", include("debug_toolbar.urls"))]
