"""Bring a release up: its release process first, then new dynos; then stop the old ones."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from .dynos import Dyno, Engine
from .logs import Output
from .store import App, Release, Refused, now

# A dyno that falls over is started again once at once; Heroku then waits longer and longer.
RESTARTS = 1


class Formation:
    """Does the work of each app in order, in a thread an app: releases never overlap."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._queues: dict[str, queue.Queue[Callable[[], None] | None]] = {}
        self._restarts: dict[str, int] = {}
        self.closing = False

    def begin(self, app: App, release: Release) -> None:
        """Start a new release: its process if it has one, then its dynos."""
        app.log.add("app", "api", f"Release v{release.version} created by user")
        if "release" in release.images:
            release.output = Output()
            self._do(app, lambda: self._release(app, release))
        else:
            self._succeed(app, release)
            self._do(app, lambda: self._hand_over(app, release))

    def scale(self, app: App) -> None:
        """Bring the dynos to the wished quantities."""
        self._do(app, lambda: self._hand_over(app, app.current))

    def restart(self, app: App, chosen: list[Dyno]) -> None:
        """Stop some dynos and start others of the same name."""

        def work() -> None:
            for dyno in chosen:
                self._stop(app, [dyno])
                if app.current and dyno.type != "run":
                    self._start(app, dyno.name, app.current).boots()

        self._do(app, work)

    def run(self, app: App, command: str, env: dict[str, str], terminal: bool = False) -> Dyno:
        """Start a one-off dyno, or let its terminal do so; raise Refused without a release."""
        if not app.current:
            raise Refused(422, "invalid_params", "The app has no release to run.")
        number = 1000 + sum(len(other.name) for other in app.dynos) + len(app.releases)
        while any(dyno.name == f"run.{number}" for dyno in app.dynos):
            number += 1
        release = Release(app.current.version, "", app.current.images, app.current.config | env)
        dyno = Dyno(self.engine, app, f"run.{number}", release, command)
        app.dynos.append(dyno)
        dyno.terminal = terminal
        if not terminal:
            dyno.start()
            dyno.turn("up")

        def tidy() -> None:
            dyno.ended.wait()
            dyno.turn("complete")
            app.dynos.remove(dyno)

        threading.Thread(target=tidy, daemon=True).start()
        return dyno

    def close(self, apps: list[App]) -> None:
        """Stop all work, and remove every container."""
        self.closing = True
        for waiting in self._queues.values():
            waiting.put(None)
        self.engine.clean()

    def _do(self, app: App, work: Callable[[], None]) -> None:
        if app.id not in self._queues:
            self._queues[app.id] = queue.Queue()
            threading.Thread(target=self._work, args=(app,), daemon=True).start()
        self._queues[app.id].put(work)

    def _work(self, app: App) -> None:
        for work in iter(self._queues[app.id].get, None):
            try:
                work()
            except Exception as error:
                app.log.add("heroku", "api", f"The platform failed: {error!r}")

    def _release(self, app: App, release: Release) -> None:
        output = release.output
        dyno = Dyno(self.engine, app, f"release.{1000 + release.version}", release)
        # https://devcenter.heroku.com/articles/container-registry-and-runtime#release-phase
        if self.engine.has_curl(dyno.image):
            dyno.on_line = output.add
        dyno.start()
        dyno.turn("up")
        dyno.ended.wait()
        output.close()
        if dyno.exit_code == 0:
            self._succeed(app, release)
            self._hand_over(app, release)
            return
        release.status, release.updated_at = "failed", now()
        app.log.add("app", "api", f"Release v{release.version} command failed; not deployed")

    def _succeed(self, app: App, release: Release) -> None:
        release.status, release.updated_at = "succeeded", now()
        app.current = release

    def _hand_over(self, app: App, release: Release | None) -> None:
        if not release or not release.images:
            return
        old = [dyno for dyno in app.dynos if dyno.type != "run"]
        preboot = app.features["preboot"] and any(dyno.state == "up" for dyno in old)
        if not preboot:
            stopping = threading.Thread(target=self._stop, args=(app, old))
            stopping.start()
        names = [
            f"{kind}.{number}"
            for kind, quantity in app.quantities.items()
            for number in range(1, quantity + 1)
            if kind in release.images
        ]
        fresh = [self._start(app, name, release) for name in names]
        good = [dyno.boots() if dyno.type == "web" else True for dyno in fresh]
        if not preboot:
            stopping.join()
        elif all(good):
            self._stop(app, old)
        else:
            # As a rolling deploy does: what serves is not taken away for what can't.
            app.log.add("heroku", "api", "New dynos did not boot; the old ones keep serving")

    def _start(self, app: App, name: str, release: Release) -> Dyno:
        dyno = Dyno(self.engine, app, name, release)
        app.dynos.append(dyno)
        dyno.start()
        threading.Thread(target=self._watch, args=(app, dyno), daemon=True).start()
        return dyno

    def _watch(self, app: App, dyno: Dyno) -> None:
        dyno.ended.wait()
        fell_over = dyno.state == "up" and not self.closing
        if not fell_over:
            return
        dyno.turn("crashed")
        key = f"{app.id} {dyno.name} v{dyno.release.version}"
        self._restarts[key] = self._restarts.get(key, 0) + 1
        if self._restarts[key] <= RESTARTS and dyno in app.dynos:
            self.restart(app, [dyno])

    def _stop(self, app: App, dynos: list[Dyno]) -> None:
        threads = [threading.Thread(target=dyno.stop) for dyno in dynos]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for dyno in dynos:
            if dyno in app.dynos:
                app.dynos.remove(dyno)
