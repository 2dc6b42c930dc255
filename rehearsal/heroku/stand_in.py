"""The stand-in for Heroku as one object: start it, use its address, close it."""

from __future__ import annotations

import ssl
import subprocess
import threading
from pathlib import Path

from . import endpoints  # noqa: F401 - registers them
from .api import Platform
from .dynos import BOOT_SECONDS, TERM_SECONDS, Engine, free_port
from .formation import Formation
from .images import Images
from .rendezvous import Rendezvous
from .router import REQUEST_SECONDS, Router
from .server import DOMAIN, Server
from .store import App, Store


class StandIn:
    """A platform at ``url``, whose apps run images from ``registry`` (host:port).

    ``directory`` takes its certificate and its registry login. Seconds can be shortened in trials:
    ``boot`` is R10's, ``term`` R12's, ``request`` H12's.
    """

    def __init__(
        self,
        directory: Path,
        registry: str,
        key: str,
        port: int = 0,
        boot: float = BOOT_SECONDS,
        term: float = TERM_SECONDS,
        request: float = REQUEST_SECONDS,
        ports: range | None = None,
    ) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.certificate = directory / "heroku.pem"
        tls = certificate(self.certificate)
        self.engine = Engine(registry, key, directory / "docker", boot, term)
        self.store = Store()
        self.formation = Formation(self.engine)
        self.server = Server(("127.0.0.1", port), key, tls)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        left = iter(ports or ())

        def new_router(app: App) -> Router:
            router = Router(app, tls, request)
            router.serve()
            return router

        self.platform = Platform(
            self.store,
            self.formation,
            Images(registry, key, self.engine),
            self.url,
            new_router,
            lambda: next(left, None) or free_port(),
            Rendezvous(tls),
        )
        self.server.platform = self.platform

    def __enter__(self) -> "StandIn":
        self.server.serve()
        self.platform.rendezvous.serve()
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving and remove every container."""
        self.formation.close(list(self.store.apps.values()))
        routers = self.platform.routers.values()
        for server in (*routers, self.server, self.platform.rendezvous):
            threading.Thread(target=server.shutdown, daemon=True).start()
            server.server_close()

    def cli_environment(self, key: str, home: Path) -> dict[str, str]:
        """Return the variables by which the real Heroku CLI takes this for Heroku."""
        return {
            "HEROKU_HOST": DOMAIN,
            "HEROKU_API_KEY": key,
            "HTTPS_PROXY": self.url,
            "NODE_EXTRA_CA_CERTS": str(self.certificate),
            "SSL_CERT_FILE": str(self.certificate),
            "SSL_CERT_DIR": "",
            "NO_PROXY": "",
            "HEROKU_PARTICLEBOARD_URL": f"https://api.{DOMAIN}",
            "HEROKU_DISABLE_AUTOUPDATE": "1",
            "DISABLE_TELEMETRY": "true",
            "HOME": str(home),
        }


def certificate(path: Path) -> ssl.SSLContext:
    """Make a certificate for the API, the registry and this machine; return a TLS context."""
    names = f"DNS:api.{DOMAIN},DNS:registry.{DOMAIN},DNS:localhost,IP:127.0.0.1"
    key = path.with_suffix(".key")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        + ["-nodes", "-days", "30", "-subj", "/CN=rehearsal", "-addext", f"subjectAltName={names}"]
        + ["-keyout", str(key), "-out", str(path)],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, key)
    return context
