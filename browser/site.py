"""The site as production serves it, on a free port, with sample data: for browsers that try it."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
START_SECONDS = 60
STAFF_NAME, STAFF_PASSWORD = "frontdesk", secrets.token_urlsafe(12)


def chromium() -> str | None:
    """Give the path of an installed Chromium or Chrome, if there is one."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


@contextmanager
def running_site(*, lettings: int = 0, mail: str = "") -> Iterator[str]:
    """Serve the site with gunicorn; give its address, without a slash at the end.

    ``lettings`` is how many believable ones to add to the sample's six, ``mail`` the EMAIL_URL.
    Raises RuntimeError, with what the server said, if it doesn't come up.
    """
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = "127.0.0.1:{1}".format(*free.getsockname())
        free.close()
        environment = {
            **os.environ,
            "ENVIRONMENT": "production",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": "127.0.0.1",
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "EMAIL_URL": mail,
            "DEFAULT_FROM_EMAIL": "lettings@example.org",
        }
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        manage(environment, "migrate", "--verbosity=0")
        manage(environment, "load_sample", *([f"--lettings={lettings}"] if lettings else []))
        staff = {**environment, "DJANGO_SUPERUSER_PASSWORD": STAFF_PASSWORD}
        manage(staff, "createsuperuser", "--noinput", f"--username={STAFF_NAME}", "--email=")
        manage(environment, "collectstatic", "--noinput", "--verbosity=0")
        with open(f"{folder}/server.log", "w+") as log:
            server = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "oc_lettings_site.wsgi", f"--bind={address}"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
            )
            try:
                _wait_for(f"http://{address}/livez", server, Path(log.name))
                yield f"http://{address}"
            finally:
                server.terminate()
                server.wait(timeout=30)


def manage(environment: dict[str, str], *command: str) -> None:
    """Run manage.py, quietly unless it fails."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(command)}:\n{done.stdout}{done.stderr}")


def _wait_for(url: str, server: subprocess.Popen, log: Path) -> None:
    for _ in range(START_SECONDS * 10):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.1)
    raise RuntimeError(f"the site did not start:\n{log.read_text()}")
