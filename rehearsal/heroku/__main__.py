"""python -m rehearsal.heroku DIRECTORY: a platform with a registry of its own, until Ctrl-C."""

from __future__ import annotations

import argparse
import shlex
import signal
import threading
from pathlib import Path

from .registry import HerokuRegistry
from .stand_in import StandIn


def main() -> None:
    """Serve until a signal comes, then leave nothing behind."""
    parser = argparse.ArgumentParser(prog="python -m rehearsal.heroku", description=__doc__)
    parser.add_argument("directory", type=Path, help="takes certificate, login, pushed images")
    parser.add_argument("--port", type=int, default=8220, help="the Platform API's")
    parser.add_argument("--registry-port", type=int, default=8221)
    parser.add_argument("--key", default="rehearsal-key", help="the HEROKU_API_KEY it takes")
    parser.add_argument("--boot-seconds", type=float, default=60, help="R10's")
    given = parser.parse_args()
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    directory = given.directory.resolve()
    with HerokuRegistry(directory / "registry", given.registry_port, given.key) as registry:
        with StandIn(
            directory, registry.address, given.key, given.port, boot=given.boot_seconds
        ) as heroku:
            print(f"export HEROKU_API_URL={heroku.url} HEROKU_REGISTRY={registry.address}")
            print(f"export HEROKU_API_KEY={given.key}")
            variables = heroku.cli_environment(given.key, directory)
            words = shlex.join(f"{name}={value}" for name, value in variables.items())
            print(f"env {words} rehearsal/heroku/cli", flush=True)
            over.wait()


if __name__ == "__main__":
    main()
