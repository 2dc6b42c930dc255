"""How gunicorn serves the site: `gunicorn oc_lettings_site.wsgi`, with a reason for each value.

What differs between machines comes from the environment, through the site's own settings: a fault
there stops the boot here, once, with the doctor's words, instead of in every worker.
https://docs.gunicorn.org/en/stable/settings.html
"""

import os
import sys
from pathlib import Path

import gunicorn.http.wsgi

sys.path.insert(0, str(Path(__file__).resolve().parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oc_lettings_site.settings")

from django.conf import settings  # noqa: E402

from core.env import BadEnvironment  # noqa: E402
from core.observability import logs  # noqa: E402
from core.server import memory  # noqa: E402
from oc_lettings_site import start_checks  # noqa: E402

try:
    port = settings.PORT
    from oc_lettings_site.settings import env

    start_checks.stop_unless_fit(env)
except BadEnvironment as error:
    sys.exit(str(error))

wsgi_app = "oc_lettings_site.wsgi"

# The platform says where, in PORT:
# https://devcenter.heroku.com/articles/dyno-startup-behavior#port-binding-of-web-dynos
# [::] takes IPv4 too; a kernel without IPv6 has no such address.
bind = f"{'[::]' if Path('/proc/net/if_inet6').exists() else '0.0.0.0'}:{port}"

# Processes use the cores; threads wait for the database. The connection budget counts both.
# https://devcenter.heroku.com/articles/python-gunicorn
workers = settings.WEB_CONCURRENCY
threads = settings.WEB_THREADS

# gthread, but a request gets a thread only when it has arrived whole: docs/proxy.md
worker_class = "core.server.worker.Worker"

# Connections a worker holds, idle ones included; beyond that the slowest makes room. Two file
# descriptors each (a large body has one) and some over fit the usual limit of 1,024 a process.
worker_connections = 400

# Uploads come and go: without this, their memory stays with the workers.
memory.give_back()

# The application is loaded once, before the workers are forked: they share its memory, and one
# that died is replaced in milliseconds. Nothing that must not be forked is open by then: the
# connection pool, Redis and Sentry's thread all begin with the first request.
preload_app = True

# Longer than the router keeps an idle connection to us, or it would now and then send a request
# into one that we are closing: Heroku's closes after 90 s.
# https://devcenter.heroku.com/articles/http-routing#keepalives
keepalive = 95

# With threads this is no limit for a request (the database's statement timeout is), but for a
# worker whose loop hangs. Below the 30 s after which Heroku's router gives up on an answer:
# https://devcenter.heroku.com/articles/request-timeout
timeout = 25

# What a stopping worker's requests may still take. Heroku kills 30 s after SIGTERM:
# https://devcenter.heroku.com/articles/dyno-shutdown-behavior
graceful_timeout = 20

# Larger than any link of ours (a search with every filter), and below the 8 KB of most proxies.
limit_request_line = 4094
# A browser sends some twenty headers and a router ten; cookies are the long ones.
limit_request_fields = 64
limit_request_field_size = 8190

# No max_requests: memory is flat over 100,000 requests (make bench shows it), and a restart would
# only throw away the kept pages.
max_requests = 0

# The heartbeat's file must be in memory: on a disk, writing to it can block the worker's loop.
# https://docs.gunicorn.org/en/stable/faq.html#how-do-i-avoid-gunicorn-excessively-blocking-in-os-fchmod
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None

# Nobody's word about the scheme is taken here: ProxyFix does it, for as many proxies as the
# settings declare. gunicorn itself would believe anyone on this machine.
forwarded_allow_ips = ""
secure_scheme_headers = {}

# Nothing to control at run time, and it would write to the home directory.
control_socket_disable = True

# One line a request is written by core.observability.request_log, with more in it.
accesslog = None
logconfig_dict = logs.config(as_json=settings.DEPLOYED)

# Which server this is helps nobody but who looks for holes in it; a Server header it must have.
gunicorn.http.wsgi.SERVER = "lettings"


def post_fork(server, worker):
    """Show a new worker what its copy of the master's handler catches until it has its own."""
    worker.inherited = server.SIG_QUEUE
