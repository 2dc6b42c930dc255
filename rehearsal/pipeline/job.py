"""Acts: runs one node of a job, step by step, in its containers."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from deploy.image.engine import find_docker

from ..docker import DockerFailed, docker
from . import containers
from .config import Step
from .containers import Run
from .plan import cache_key, restored

# These tell of a job that failed as well: https://circleci.com/docs/collect-test-data/
ALWAYS = {"store_test_results", "store_artifacts"}


class StepFailed(Exception):
    """A step ended with an error; its output is in the log."""


@dataclass(frozen=True)
class Machine:
    """What every job of a rehearsal shares: role images by name, the remote, where things go."""

    images: Mapping[str, str]
    remote: Path
    caches: Path
    lock: threading.Lock


class Node:
    """One run of a job; ``folder`` gets its log and what it stores."""

    def __init__(self, machine: Machine, run: Run, folder: Path) -> None:
        self.machine, self.run, self.folder = machine, run, folder
        self.variables = containers.environment(run, os.environ)
        self.cancelled = threading.Event()

    def carry_out(self) -> bool:
        """Run every step; give whether all went well. Leaves no container behind."""
        with (self.folder / self.run.log).open("w") as log:
            try:
                self._start(log)
                failed = self._steps(log)
            except StepFailed as stopped:
                failed = str(stopped)
            finally:
                docker(*containers.remove(self.run), check=False)
            if self.cancelled.is_set():
                failed = "canceled"
            print(f"\n== {'failed: ' + failed if failed else 'success'}", file=log, flush=True)
        return not failed

    def cancel(self) -> None:
        """End the job as soon as can be."""
        self.cancelled.set()
        docker(*containers.remove(self.run), check=False)

    def _start(self, log: TextIO) -> None:
        print(f"== Spin up {', '.join(c.image for c in self.run.job.containers)}", file=log)
        first, *services = self.run.job.containers
        image = self.machine.images[first.image.split(":")[0]]
        argv = containers.primary(self.run, image, self.machine.remote, self.variables)
        self._must(argv, log, self.variables)
        for number, container in enumerate(services, 1):
            image = self.machine.images[container.image.split(":")[0]]
            argv = containers.service(self.run, number, container, image)
            self._must(argv, log, container.environment)

    def _must(self, argv: list[str], log: TextIO, variables: Mapping[str, str]) -> None:
        try:
            docker(*argv, environment=variables)
        except DockerFailed as failed:
            print(failed, file=log)
            raise StepFailed("no container") from failed

    def _steps(self, log: TextIO) -> str:
        failed = ""
        for step in self.run.job.steps:
            if self.cancelled.is_set() or (failed and step.kind not in ALWAYS):
                continue
            began = time.monotonic()
            print(f"\n== {step.name or step.kind}", file=log, flush=True)
            try:
                getattr(self, f"_{step.kind}")(step, log)
            except StepFailed as stopped:
                failed = failed or f"{step.name or step.kind}: {stopped}"
            print(f"-- {time.monotonic() - began:.1f} s", file=log, flush=True)
        return failed

    def _checkout(self, step: Step, log: TextIO) -> None:
        self._follow(containers.checkout(self.run), log)

    def _setup_remote_docker(self, step: Step, log: TextIO) -> None:
        print("The engine's socket is in the container.", file=log)

    def _run(self, step: Step, log: TextIO) -> None:
        print(f"$ {step.command}", file=log, flush=True)
        self._follow(containers.step(self.run, step.command), log)

    def _follow(self, argv: list[str], log: TextIO) -> None:
        done = subprocess.run(
            [find_docker(), *argv], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )
        if done.returncode:
            raise StepFailed(f"exit code {done.returncode}")

    def _key(self, template: str) -> str:
        def read(name: str) -> bytes | None:
            words = containers.step(self.run, f"cat {shlex.quote(name)}")
            done = subprocess.run([find_docker(), *words], capture_output=True)
            return None if done.returncode else done.stdout

        key = cache_key(template, read, containers.architecture())
        # A checksum may have a slash, which no file's name can.
        return key.replace("/", "_")

    def _restore_cache(self, step: Step, log: TextIO) -> None:
        saved = sorted(self.machine.caches.glob("[!.]*"), key=os.path.getmtime)
        keys = [self._key(template) for template in step.keys]
        found = restored(keys, [path.name for path in saved])
        if not found:
            print("No cache is found.", file=log)
            return
        with (self.machine.caches / found).open("rb") as archive:
            self._pipe(["exec", "-i", self.run.name, "tar", "-x"], stdin=archive)
        print(f"Found {found}.", file=log)

    def _save_cache(self, step: Step, log: TextIO) -> None:
        target = self.machine.caches / self._key(step.keys[0])
        # A cache is written once: https://circleci.com/docs/guides/optimize/caching/
        with self.machine.lock:
            if target.exists():
                print("It is there already.", file=log)
                return
            partial = target.with_name(f".{target.name}")
            with partial.open("wb") as archive:
                argv = ["exec", self.run.name, "tar", "-c", *step.paths]
                self._pipe(argv, stdout=archive)
            partial.rename(target)
        print(f"Saved {target.stat().st_size / 1e6:.0f} MB as {target.name}.", file=log)

    def _pipe(self, argv: list[str], **streams: object) -> None:
        done = subprocess.run([find_docker(), *argv], stderr=subprocess.PIPE, **streams)
        if done.returncode:
            raise StepFailed(done.stderr.decode().strip())

    def _store_test_results(self, step: Step, log: TextIO) -> None:
        target = self.folder / f"{self.run.stage.name}-{self.run.node}"
        target.mkdir(exist_ok=True)
        words = ["exec", self.run.name, "tar", "-c", step.path]
        packed = subprocess.run([find_docker(), *words], capture_output=True)
        if packed.returncode:
            print(f"There is no {step.path}.", file=log)
            return
        subprocess.run(["tar", "-x", "-C", target], input=packed.stdout, check=True)
        print(f"Stored {step.path}.", file=log)

    _store_artifacts = _store_test_results


def in_parallel(calls: list[Callable[[], bool]]) -> bool:
    """Make all calls at once; give whether each gave True."""
    answers: list[bool] = []
    threads = [threading.Thread(target=lambda c=call: answers.append(c())) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(answers) == len(calls) and all(answers)


def empty(folder: Path) -> Path:
    """Make a folder anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
