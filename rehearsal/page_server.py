"""Serve the pipelines' pages on the loop-back, from what the runner writes in its folder."""

from __future__ import annotations

import json
import re
import threading
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from . import page_html

STYLE = Path(__file__).with_name("page.css")
PATH = re.compile(r"/(?P<number>\d+)(?:/(?P<log>[A-Za-z0-9][\w.-]*\.log))?")


class Pages:
    """The pages of the pipelines in ``folder``, at ``url`` while the ``with`` lasts.

    It has a folder for each pipeline, by its number, with a ``pipeline.json`` and the logs,
    ``<stage>-<node>.log``.
    """

    def __init__(self, folder: Path, port: int = 0) -> None:
        self._server = _Server(folder, port)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def answer(folder: Path, path: str) -> str | None:
    """Return the page at a path; None where there is none."""
    if path == "/":
        found = (_read(each) for each in folder.glob("*/pipeline.json"))
        return page_html.index([each for each in found if each])
    match = PATH.fullmatch(path)
    shown = _read(folder / match["number"] / "pipeline.json") if match else None
    if not shown:
        return None
    if not match["log"]:
        return page_html.pipeline(shown)
    try:
        text = (folder / match["number"] / match["log"]).read_text(errors="replace")
    except OSError:
        return None
    return page_html.log(shown, match["log"], text)


def _read(file: Path) -> dict[str, Any] | None:
    """Return what the runner wrote, as of now: it writes at a change of state, and jobs go on."""
    try:
        shown = json.loads(file.read_text())
    except OSError:
        return None
    if shown["state"] in page_html.UNFINISHED:
        began = datetime.fromisoformat(shown["began"])
        shown["seconds"] = (datetime.now(began.tzinfo) - began).total_seconds()
    for stage in shown["stages"]:
        logs = file.parent.glob(f"{stage['name']}-[0-9]*.log")
        stage["logs"] = sorted(path.name for path in logs)
    return shown


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        super().__init__(("127.0.0.1", port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/page.css":
            self._send(200, "text/css", STYLE.read_text())
            return
        page = answer(self.server.folder, path)
        if page is None:
            missing = ['<h1>Nothing here</h1><p><a href="/">Pipelines</a></p>']
            self._send(
                404, "text/html", page_html.document("Nothing here", missing, refresh=False)
            )
            return
        self._send(200, "text/html", page)

    def log_message(self, *args: Any) -> None:
        """Write no access log."""

    def _send(self, status: int, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response_only(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        # Logs show what programs printed: nothing of it may ever run.
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'self'")
        self.end_headers()
        self.wfile.write(body)
