"""The order of the WSGI middlewares between the server and Django."""

from __future__ import annotations

from django.conf import settings
from werkzeug.middleware.proxy_fix import ProxyFix

from core.observability.request_log import RequestLog
from core.pagecache.wsgi import Application, PageCache
from core.web.security_middleware import WSGISecurityMiddleware
from dashboard.view_counts import CountViews


def wrap(application: Application) -> Application:
    """Return the application, wrapped in its middlewares by the settings.

    From the outside in: scheme, IP address and host from trusted proxies; the request log, which
    therefore logs the visitor's address; the security headers of every answer; the count
    of views; the page cache, which answers its hits itself.
    """
    if settings.PAGE_CACHE_MB:
        application = PageCache(application, settings.PAGE_CACHE_MB * 1024 * 1024)
    application = RequestLog(WSGISecurityMiddleware(CountViews(application)))
    proxies = settings.TRUSTED_PROXIES
    if proxies:
        hosts = proxies if settings.TRUST_FORWARDED_HOST else 0
        application = ProxyFix(application, x_for=proxies, x_proto=proxies, x_host=hosts)
    return application
