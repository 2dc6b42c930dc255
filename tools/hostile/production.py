"""The site as in production, on this machine: from a copy of this tree, with the sample loaded."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_connection, create_server

ROOT = Path(__file__).resolve().parents[2]
# Neither needed to serve the site, nor small.
LEFT_OUT = shutil.ignore_patterns(
    ".*", "var", "media", "staticfiles", "node_modules", "_build", "__pycache__", "*.sqlite3*"
)
HOST = "lettings.example"


class Production:
    """A tree of its own, with its environment.

    folder: of the copy, where gunicorn's log is, too; port: of the server on 127.0.0.1.
    """

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        self.log = folder / "gunicorn.log"
        with create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        ours = ("PATH", "HOME", "LANG", "TMPDIR")
        self.environment = {name: os.environ[name] for name in ours if name in os.environ} | {
            "ENVIRONMENT": "production",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": HOST,
            "TRUSTED_PROXIES": "1",
            "WEB_CONCURRENCY": "2",
            "WEB_THREADS": "4",
            "PORT": str(self.port),
            "EMAIL_URL": "smtp://127.0.0.1:9",  # nobody is there: mail stays in the outbox
            "DEFAULT_FROM_EMAIL": f"lettings@{HOST}",
            **variables,
        }

    def prepare(self) -> None:
        """Copy the tree, make the tables, load the sample and the static files."""
        shutil.copytree(ROOT, self.folder, ignore=LEFT_OUT, dirs_exist_ok=True)
        self.manage("migrate", "--verbosity=0")
        self.manage("load_sample")
        self.manage("collectstatic", "--noinput", "--verbosity=0")

    def manage(self, *arguments: str) -> str:
        """Run a management command; return what it prints. Raise RuntimeError if it fails."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"manage.py {arguments[0]}: {done.stderr[-3000:]}")
        return done.stdout

    @contextmanager
    def serving(self) -> Iterator[subprocess.Popen]:
        """Serve until the block ends; yield gunicorn's master process."""
        with self.log.open("wb") as lines:
            process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "oc_lettings_site.wsgi"],
                cwd=self.folder,
                env=self.environment,
                stderr=lines,
            )
        try:
            self._wait(process)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _wait(self, process: subprocess.Popen) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            try:
                create_connection(("127.0.0.1", self.port), 5).close()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"gunicorn did not start:\n{self.log.read_text()[-3000:]}")
