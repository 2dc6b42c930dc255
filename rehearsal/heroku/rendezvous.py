"""Connect a terminal with its one-off dyno: TLS, a line with the secret, the dyno's streams."""

from __future__ import annotations

import secrets
import socketserver
import ssl
import threading

from .dynos import Dyno

END_OF_INPUT = b"\x04"
PATIENCE = 60


class Rendezvous(socketserver.ThreadingTCPServer):
    """Starts a dyno when its terminal comes."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, tls: ssl.SSLContext) -> None:
        self.tls = tls
        self.waiting: dict[str, Dyno] = {}
        super().__init__(("127.0.0.1", 0), Terminal)

    def serve(self) -> None:
        """Start serving, in a thread."""
        threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True).start()

    def expect(self, dyno: Dyno) -> str:
        """Return the address at which the dyno's terminal is awaited."""
        secret = secrets.token_urlsafe(24)
        self.waiting[secret] = dyno
        return f"rendezvous://127.0.0.1:{self.server_address[1]}/{secret}"

    def handle_error(self, request, client_address) -> None:
        """Say nothing: a terminal that goes away is its own affair."""


class Terminal(socketserver.BaseRequestHandler):
    """One terminal."""

    server: Rendezvous

    def handle(self) -> None:
        """Start the dyno, hand on what comes and goes, until the dyno ends."""
        self.request.settimeout(PATIENCE)
        with self.server.tls.wrap_socket(self.request, server_side=True) as line:
            secret = line.recv(200).decode().strip()
            dyno = self.server.waiting.pop(secret, None)
            if not dyno:
                return
            line.settimeout(None)
            line.sendall(b"rendezvous\r\n")
            dyno.on_line = lambda text: line.sendall(text.encode())
            dyno.start()
            dyno.turn("up")
            threading.Thread(target=hand_on, args=(line, dyno), daemon=True).start()
            dyno.ended.wait()


def hand_on(line: ssl.SSLSocket, dyno: Dyno) -> None:
    """Return the dyno what is typed, until the end of the input or of the dyno."""
    try:
        while typed := line.recv(4096):
            dyno.process.stdin.write(typed.partition(END_OF_INPUT)[0].decode(errors="replace"))
            dyno.process.stdin.flush()
            if END_OF_INPUT in typed:
                break
    except (OSError, ValueError):
        pass
    finally:
        try:
            dyno.process.stdin.close()
        except OSError:
            pass
