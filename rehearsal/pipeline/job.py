"""Run one node of a job, step by step, in its containers."""

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

from deploy.image.docker import DockerFailed, docker
from tools.circleci.model import Step
from tools.circleci.plan import cache_key, restored
from tools.circleci.strict_yaml import Unread

from . import containers
from .containers import Run


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
        """Run every step and remove all containers; return whether all steps passed."""
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
        images = ", ".join(container.image for container in self.run.job.containers)
        size = f" ({self.run.job.resource_class})" if self.run.job.resource_class else ""
        print(f"== Spin up {images}{size}", file=log)
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
            when = ("on_fail" if failed else "on_success", "always")
            if self.cancelled.is_set() or step.when not in when:
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
        asked = step.version or "the default version"
        print(f"The engine's socket is in the container; asked for was {asked}.", file=log)

    def _run(self, step: Step, log: TextIO) -> None:
        print(f"$ {step.command}", file=log, flush=True)
        self._follow(containers.own_step(self.run, step), log, step.environment)

    def _follow(
        self, argv: list[str], log: TextIO, variables: Mapping[str, str] | None = None
    ) -> None:
        streams = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": subprocess.STDOUT}
        done = docker(*argv, check=False, environment=variables, **streams)
        if done.returncode:
            raise StepFailed(f"exit code {done.returncode}")

    def _key(self, template: str) -> str:
        def read(name: str) -> bytes | None:
            words = containers.step(self.run, f"cat {shlex.quote(name)}")
            done = docker(*words, check=False, text=False)
            return None if done.returncode else done.stdout

        try:
            key = cache_key(template, read, containers.architecture())
        except Unread as unread:
            raise StepFailed(str(unread)) from unread
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
            self._pipe(["exec", "-i", self.run.name, "tar", "-xP"], stdin=archive)
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
                argv = ["exec", self.run.name, "tar", "-cP", *step.paths]
                self._pipe(argv, stdout=archive)
            partial.rename(target)
        print(f"Saved {target.stat().st_size / 1e6:.0f} MB as {target.name}.", file=log)

    def _pipe(self, argv: list[str], **streams: object) -> None:
        done = docker(*argv, check=False, text=False, **streams)
        if done.returncode:
            raise StepFailed(done.stderr.decode().strip())

    def _persist_to_workspace(self, step: Step, log: TextIO) -> None:
        """Keep what later jobs of this pipeline can attach: a layer of the job's, in its order.

        https://circleci.com/docs/workspaces/
        """
        folder = self.folder / "workspace"
        folder.mkdir(exist_ok=True)
        own = f"{self.run.stage.name}-{self.run.node}"
        layer = folder / f"{time.time_ns()}-{own}"
        with layer.open("wb") as archive:
            words = f"cd {shlex.quote(step.path)} && tar -c {' '.join(step.paths)}"
            argv = ["exec", self.run.name, "/bin/sh", "-c", words]
            self._pipe(argv, stdout=archive)
        print(f"Kept {', '.join(step.paths)} for the jobs that follow.", file=log)

    def _attach_workspace(self, step: Step, log: TextIO) -> None:
        for layer in sorted((self.folder / "workspace").glob("*-*")):
            stage = layer.name.partition("-")[2].rpartition("-")[0]
            if stage not in self.run.upstream:
                continue
            self._pipe(["exec", self.run.name, "mkdir", "-p", step.path])
            with layer.open("rb") as archive:
                argv = ["exec", "-i", self.run.name, "tar", "-x", "-C", step.path]
                self._pipe(argv, stdin=archive)
            print(f"Attached what {stage} kept.", file=log)

    def _store_test_results(self, step: Step, log: TextIO) -> None:
        target = self.folder / f"{self.run.stage.name}-{self.run.node}" / step.destination
        target.mkdir(exist_ok=True, parents=True)
        words = ["exec", self.run.name, "tar", "-c", step.path]
        packed = docker(*words, check=False, text=False)
        if packed.returncode:
            print(f"There is no {step.path}.", file=log)
            return
        subprocess.run(["tar", "-x", "-C", target], input=packed.stdout, check=True)
        print(f"Stored {step.path}.", file=log)

    _store_artifacts = _store_test_results


def in_parallel(calls: list[Callable[[], bool]]) -> bool:
    """Make all calls in parallel; return whether each returned True."""
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
