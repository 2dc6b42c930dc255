"""The site as production serves it, on a free port, with sample data: for browsers that try it."""

from __future__ import annotations

import json
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
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
START_SECONDS = 120
GUNICORN = [sys.executable, "-m", "gunicorn", "oc_lettings_site.wsgi"]
STAFF_NAME, STAFF_PASSWORD = "frontdesk", secrets.token_urlsafe(12)
# Those of the scene, who have the same password.
HOST, GUEST, NEWCOMER = "AirWow", "maximiliana.of.the.seven.orange.groves", "newcomer"


class Site(NamedTuple):
    """A site that runs.

    ``address`` has no slash at the end. ``cookies`` are the values of the session cookie of those
    who are in the middle of things, by name; ``addresses`` are those of their things.
    """

    address: str
    cookies: dict[str, str] = {}
    addresses: dict[str, str] = {}


def chromium() -> str | None:
    """Return the path of an installed Chromium or Chrome, if there is one."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


@contextmanager
def running_site(
    *, lettings: int = 0, mail: str = "", environment: str = "production", wild: bool = False
) -> Iterator[Site]:
    """Serve the site with gunicorn, and people in the middle of things.

    ``lettings`` is how many believable ones to add to the sample's six, ``mail`` the EMAIL_URL,
    ``environment`` the ENVIRONMENT; what is not deployed is served on localhost. With ``wild``,
    all that people wrote is what browser/wild_texts.py makes of it.
    Raise RuntimeError, with what the server said, if it doesn't come up.
    """
    # The server is given this socket, not its number, which could be another's until it starts.
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as door:
        address = "127.0.0.1:{1}".format(*door.getsockname())
        variables = {
            **os.environ,
            "ENVIRONMENT": environment,
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "EMAIL_URL": mail,
            "DEFAULT_FROM_EMAIL": "lettings@example.org",
        }
        variables.pop("DJANGO_SETTINGS_MODULE", None)
        manage(variables, "migrate", "--verbosity=0")
        manage(variables, "load_sample", *([f"--lettings={lettings}"] if lettings else []))
        staff = {**variables, "DJANGO_SUPERUSER_PASSWORD": STAFF_PASSWORD}
        manage(staff, "createsuperuser", "--noinput", f"--username={STAFF_NAME}", "--email=")
        arguments = f"'{STAFF_NAME}', '{STAFF_PASSWORD}'"
        code = f"from browser import fixture_data; fixture_data.set_up({arguments})"
        said = manage(variables, "shell", "--verbosity=0", f"--command={code}")
        if wild:
            manage(variables, "shell", "--command=from browser import wild_texts as w; w.fill()")
        if environment == "production":
            manage(variables, "collectstatic", "--noinput", "--verbosity=0")
        with open(f"{folder}/server.log", "w+") as log:
            server = subprocess.Popen(
                [*GUNICORN, f"--bind=fd://{door.fileno()}"],
                cwd=ROOT,
                env=variables,
                stdout=log,
                stderr=log,
                pass_fds=[door.fileno()],
            )
            door.close()
            try:
                _wait_for(f"http://{address}/livez", server, Path(log.name))
                if environment != "production":
                    address = address.replace("127.0.0.1", "localhost")
                yield Site(f"http://{address}", **json.loads(said))
            finally:
                server.terminate()
                server.wait(timeout=START_SECONDS)


def manage(environment: dict[str, str], *command: str) -> str:
    """Run manage.py, quietly unless it fails; return what it said."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(command)}:\n{done.stdout}{done.stderr}")
    return done.stdout


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
