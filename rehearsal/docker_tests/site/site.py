"""A site of a few lines that behaves as BEHAVIOUR says, for trials of the platform."""

import json
import os
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BEHAVIOUR = os.environ.get("BEHAVIOUR", "good")
COMMIT = "a-lie" if BEHAVIOUR == "lying" else os.environ["RELEASE"]


class Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_GET(self):
        path = self.path.partition("?")[0]
        if path == "/slow":
            time.sleep(float(self.path.partition("?")[2] or 1))
        shown = {
            "/version": {"commit": COMMIT, "environment": "staging"},
            "/readyz": {"status": "ready"},
            "/headers": dict(self.headers.items()),
            "/env": {name: os.environ.get(name) for name in ("DYNO", "PORT", "GREETING")},
            "/disk": {"before": os.path.exists("/tmp/mark"), "uid": os.getuid()},
        }.get(path, {"path": path})
        if path == "/disk":
            open("/tmp/mark", "w").close()
        if path == "/die":
            os._exit(3)
        body = json.dumps(shown).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def release():
    print("release process of", os.environ["RELEASE"], "on", os.environ["DYNO"], flush=True)
    sys.exit(1 if BEHAVIOUR == "bad-migration" else 0)


def web():
    if BEHAVIOUR == "crash":
        sys.exit("no boot today")
    if BEHAVIOUR == "deaf":
        time.sleep(600)
    if BEHAVIOUR == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    else:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = ThreadingHTTPServer(("0.0.0.0", int(os.environ["PORT"])), Site)
    server.daemon_threads = False
    print("listening", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    release() if sys.argv[1:] == ["release"] else web()
