"""The exact docker commands for the containers of a job. Nothing here runs them.

A job with service containers has a network of its own, in which they are on localhost, as at
CircleCI. Any other job uses the machine's: there the rehearsal's registry, Heroku and Sentry are.
"""

from __future__ import annotations

import os
import platform
import shlex
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.image.docker import label
from tools.circleci.model import Container, Job, Stage, Step

from .. import proxy_settings

REMOTE = "/srv/remote.git"
SOCKET = "/var/run/docker.sock"
UID = 1001  # circleci, in rehearsal/images/Dockerfile
# For bin/image: a base that can't be pulled, and the certificate of a proxy that opens TLS.
FOR_BUILDS = ("BASE_IMAGE", "EXTRA_CA")


@dataclass(frozen=True)
class Run:
    """One run of a job: of which commit, which of its parallel nodes, with what it may know."""

    identity: str
    pipeline: int
    stage: Stage
    node: int
    commit: str
    branch: str
    secrets: Mapping[str, str] = field(default_factory=dict)
    upstream: Collection[str] = ()

    @property
    def job(self) -> Job:
        """The job to run; a run is never of an approval."""
        assert self.stage.job
        return self.stage.job

    @property
    def name(self) -> str:
        """The name of the run's first container, which the others' begin with."""
        return f"oc-rehearsal-{self.identity}-{self.pipeline}-{self.stage.name}-{self.node}"

    @property
    def log(self) -> str:
        """The name of the run's log."""
        return f"{self.stage.name}-{self.node}.log"


def of_jobs(identity: str) -> str:
    """Return the mark of what a rehearsal's jobs start in the engine themselves."""
    return f"{identity}-jobs"


def environment(run: Run, host: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of a job's steps: CircleCI's own, then the more particular the later.

    https://circleci.com/docs/env-vars/#order-of-precedence
    """
    builds = {name: host[name] for name in FOR_BUILDS if host.get(name)}
    builds["REHEARSAL_RUN"] = of_jobs(run.identity)
    circleci = {
        "CI": "true",
        "CIRCLECI": "true",
        "CIRCLE_BRANCH": run.branch,
        "CIRCLE_JOB": run.stage.name,
        "CIRCLE_NODE_INDEX": str(run.node),
        "CIRCLE_NODE_TOTAL": str(run.job.parallelism),
        "CIRCLE_PIPELINE_NUMBER": str(run.pipeline),
        "CIRCLE_SHA1": run.commit,
        "CIRCLE_WORKING_DIRECTORY": run.job.working_directory,
    }
    ours = {**run.secrets, **run.job.containers[0].environment, **run.job.environment}
    return proxy_settings.handed_on(host) | builds | circleci | ours


def primary(run: Run, image: str, remote: Path, variables: Mapping[str, str]) -> list[str]:
    """Return the container that the steps run in; it waits for them.

    Values stay off the command line, where everyone could read them.
    """
    argv = ["run", "--detach", "--init", "--name", run.name, *label(run.identity)]
    project = run.job.working_directory
    argv += ["--volume", f"{remote}:{REMOTE}:ro", "--workdir", project]
    # In memory: a restored cache is 20,000 small files.
    argv += ["--tmpfs", f"{project}:exec,uid={UID},gid={UID}"]
    if len(run.job.containers) == 1:
        argv += ["--network", "host"]
    if any(step.kind == "setup_remote_docker" for step in run.job.steps):
        group = os.stat(SOCKET).st_gid
        argv += ["--volume", f"{SOCKET}:{SOCKET}", "--group-add", str(group)]
    files = {v for n, v in variables.items() if n in (*proxy_settings.CERTIFICATES, "EXTRA_CA")}
    for file in sorted(files):
        argv += ["--volume", f"{file}:{file}:ro"]
    for name in sorted(variables):
        argv += ["--env", name]
    return [*argv, image, "sleep", "infinity"]


def service(run: Run, number: int, container: Container, image: str) -> list[str]:
    """Return a service container, in the network of the first one."""
    argv = ["run", "--detach", "--name", f"{run.name}-{number}", *label(run.identity)]
    argv += ["--network", f"container:{run.name}"]
    for name in sorted(container.environment):
        argv += ["--env", name]
    return [*argv, image]


def step(run: Run, command: str) -> list[str]:
    """Return a command in the first container, by the shell of the job."""
    return ["exec", run.name, *shlex.split(run.job.shell), "-c", command]


def own_step(run: Run, step: Step) -> list[str]:
    """Return a step's command, in its folder and its shell, with its variables by name."""
    folder = ["--workdir", step.working_directory] if step.working_directory else []
    variables = [word for name in sorted(step.environment) for word in ("--env", name)]
    shell = shlex.split(step.shell or run.job.shell)
    return ["exec", *folder, *variables, run.name, *shell, "-c", step.command]


def checkout(run: Run) -> list[str]:
    """Return the clone of the pushed commit, on its branch."""
    return step(
        run,
        f"git clone --quiet {REMOTE} . && git checkout --quiet -B {run.branch} {run.commit}",
    )


def remove(run: Run) -> list[str]:
    """Return the removal of a run's containers; services first, whose network is the other's."""
    names = [f"{run.name}-{number}" for number in range(1, len(run.job.containers))]
    return ["rm", "--force", "--volumes", *names, run.name]


def architecture() -> str:
    """Return this machine's architecture, as cache keys name it."""
    return f"arch1-linux-{platform.machine()}"
