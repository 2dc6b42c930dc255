"""What stands between the server and Django."""

from __future__ import annotations

from django.conf import settings
from werkzeug.middleware.proxy_fix import ProxyFix

from core.observability.request_log import RequestLog
from core.pagecache.wsgi import Application, PageCache
from core.web.shield import Shield
from dashboard.view_counts import CountViews


def around(application: Application) -> Application:
    """Return the application within its layers, as the settings want them.

    From the outside in: the word of declared proxies about scheme, address and host; the request
    log, which so logs the visitor's; the shield, whose headers so are on every answer; the count
    of views; the page cache, whose hits go no further.
    """
    if settings.PAGE_CACHE_MB:
        application = PageCache(application, settings.PAGE_CACHE_MB * 1024 * 1024)
    application = RequestLog(Shield(CountViews(application)))
    proxies = settings.TRUSTED_PROXIES
    if proxies:
        hosts = proxies if settings.TRUST_FORWARDED_HOST else 0
        application = ProxyFix(application, x_for=proxies, x_proto=proxies, x_host=hosts)
    return application
