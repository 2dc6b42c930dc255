"""bin/rehearse: a push goes the whole way on this machine, and each claim about it is proven."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from deploy.image import docker
from deploy.image.docker import LABEL, remove_all, runs

from .page_server import Pages
from .services.service import ServiceFailed
from .pipeline.containers import of_jobs
from .pipeline.pipelines import Refused
from .proofs import caches, pushes, registry, releases, running
from .proofs.proof import Disproved
from .images import build
from .results_table import Proof, console, write
from .environment import PRODUCTION, ROOT, STAGING, Failed, Environment

# In this order, each leaves the environment as the next one needs it.
ORDER = (
    *(pushes.branch, pushes.good, running.same_digest, running.sentry_issue),
    *(pushes.failing_lint, pushes.failing_test, pushes.wrong_password),
    *(caches.poisoned_cache, registry.oci_manifest_refused),
    *(releases.failing_migration, releases.no_boot, releases.wrong_commit),
    *(running.sentry_down, running.redis_down, running.registry_down),
    *(releases.rollback, releases.no_task_lost, releases.rollback_refused),
)


def main() -> int:
    """Rehearse; return the exit code: 0 if everything was proven."""
    signal.signal(signal.SIGTERM, stop)
    identity, began = secrets.token_hex(3), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="oc-rehearsal-") as folder, ExitStack() as stack:
        stack.callback(remove_all, identity)
        stack.callback(remove_all, of_jobs(identity))
        try:
            return rehearse(stack, Path(folder), identity, began)
        except (Failed, Refused, ServiceFailed, docker.Failed) as failed:
            print(f"\nrehearse: {failed}", file=sys.stderr)
        except KeyboardInterrupt:
            print("\nrehearse: stopped by hand; everything is taken away", file=sys.stderr)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        return 1


def rehearse(stack: ExitStack, folder: Path, identity: str, began: float) -> int:
    """Build what is needed, run all proofs, report; return the exit code."""
    warn_of_changes()
    warn_of_others()
    tell("building what stands for the images and the accounts", began)
    build()
    tell("starting registry, PostgreSQL, Redis, Sentry, Heroku, git", began)
    environment = Environment(stack, folder, identity)
    pages = stack.enter_context(Pages(folder / "pipelines"))
    print(f"  pipelines: {pages.url}", flush=True)
    tell("bringing the site up as it was before the first push", began)
    environment.begin()
    ready = time.monotonic()
    proofs = [prove(environment, body, began) for body in ORDER]
    print("\n" + console(proofs))
    now = time.monotonic()
    print(f"\nset up in {ready - began:.0f} s, proven in {now - ready:.0f} s")
    good = all(each.ok for each in proofs)
    if good:
        write(ROOT, proofs, ready - began, now - began)
    if os.environ.get("KEEP"):
        keep(environment, pages)
    return 0 if good else 1


def prove(environment: Environment, body, began: float) -> Proof:
    """Run one proof. If it fails, its evidence is the error."""
    start = time.monotonic()
    tell(f"{body.stage}: {body.proven}", began)
    try:
        evidence, ok = body(environment), True
    except (Disproved, Failed, Refused) as failed:
        evidence, ok = str(failed), False
    except (
        Exception
    ) as failed:  # whatever it met, the claim is not proven, and the others are to be
        evidence, ok = f"{type(failed).__name__}: {failed}", False
    finally:
        environment.remote.go_to(environment.good)
    seconds = time.monotonic() - start
    print(f"  {'ok' if ok else 'FAIL'} [{seconds:.0f} s] {evidence}", flush=True)
    return Proof(body.stage, body.proven, evidence, seconds, ok)


def keep(environment: Environment, pages: Pages) -> None:
    """Leave everything running until Ctrl-C, and say where it is."""
    hub, sentry_login = environment.hub, ", ".join(environment.sentry.login)
    print("\nEverything runs on; Ctrl-C takes it away.")
    for name, address in (
        ("production", environment.urls[PRODUCTION]),
        ("staging", environment.urls[STAGING]),
        ("pipelines", pages.url),
        ("the issue", f"{environment.issue}  ({sentry_login})"),
        (
            "registry",
            f"http://{hub.address}/v2/_catalog  ({hub.user}, {hub.password})",
        ),
    ):
        print(f"  {name:11} {address}")
    number = environment.pushed.number if environment.pushed else 1
    login = ":".join(environment.sentry.login)
    print(
        f"Pictures: bin/rehearsal-pictures {pages.url} {number} {environment.issue} {login}",
        flush=True,
    )
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def warn_of_changes() -> None:
    """Warn that uncommitted changes are not part of the rehearsal."""
    asked = ["git", "status", "--porcelain", "--untracked-files=no"]
    if subprocess.run(asked, cwd=ROOT, capture_output=True).stdout:
        print("rehearse: the tree has changes; what is pushed is the commit, without them")


def warn_of_others() -> None:
    """Name containers of other rehearsals: one that was killed (kill -9) leaves its own behind."""
    for run in runs():
        print(
            f"rehearse: containers of another one are here; unless it is at work, type:\n"
            f"  docker rm -fv $(docker ps -aq --filter label={LABEL}={run})"
        )


def tell(what: str, began: float) -> None:
    """Print the current step."""
    print(f"\n== {what} [{time.monotonic() - began:.0f} s]", flush=True)


def stop(number: int, frame: object) -> None:
    """Handle SIGTERM like Ctrl-C."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
