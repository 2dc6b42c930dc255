"""Build, test and push the image of this commit. docs/image.md describes each verb."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from ..registry import image_names
from . import commands
from .commands import Options, Source
from .docker import Failed
from .runner import Refused, Runner

TOKEN = "DOCKERHUB_TOKEN"
ROOT = Path(__file__).resolve().parents[2]
# A database or a cache for the tests in the image, as CI has them.
HANDED_ON = ("DATABASE_URL", "TEST_REDIS_URL")
BUILT_IMAGE_TESTS = [
    f"deploy/image/tests/test_{what}.py" for what in ("contents", "processes", "run")
]
# With them, what builds anew, and what pushes to registries of the rehearsal's.
ALL_TESTS = ["deploy/image/tests", "rehearsal/image_tests"]
# These wait for containers most of the time. What builds and pushes needs the clock for itself.
SIDE_BY_SIDE = ["-n", str(len(BUILT_IMAGE_TESTS)), "--dist", "loadfile"]


def main(argv: list[str]) -> int:
    """Carry out one verb; return the exit code."""
    parser = argparse.ArgumentParser(prog="bin/image", description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="print the commands, run none")
    parser.add_argument("--no-cache", action="store_true", help="build every layer anew")
    parser.add_argument("verb", choices=list(VERBS))
    parser.add_argument(
        "rest", nargs=argparse.REMAINDER, help="for pytest; or a file; or tags to push"
    )
    arguments = parser.parse_args(argv)
    options = chosen(arguments.no_cache)
    try:
        runner = Runner(ROOT, arguments.dry_run)
        return VERBS[arguments.verb](runner, examine(ROOT), options, arguments.rest)
    except Failed as failed:
        print(f"image: {failed}", file=sys.stderr)
        return 1


def chosen(no_cache: bool = False) -> Options:
    """Return the options that the environment sets."""
    return Options(
        repository=os.environ.get("IMAGE_REPOSITORY", commands.LOCAL),
        base=os.environ.get("BASE_IMAGE", ""),
        extra_ca=os.environ.get("EXTRA_CA") or os.environ.get("SSL_CERT_FILE", ""),
        no_cache=no_cache,
    )


def examine(root: Path) -> Source:
    """Return what git knows of the sources in ``root``."""

    def git(*args: str) -> str:
        done = subprocess.run(["git", *args], cwd=root, capture_output=True, text=True)
        if done.returncode and args[0] != "remote":
            raise Failed(
                f"git {args[0]}: {done.stderr.strip()}\n"
                "  why: an image is named after its commit\n"
                "  fix: build in a clone that has a commit"
            )
        return done.stdout.strip()

    return Source(
        commit=git("rev-parse", "HEAD"),
        created=git("show", "--no-patch", "--format=%cI", "HEAD"),
        url=commands.public_url(git("remote", "get-url", "origin")),
        dirty=bool(git("status", "--porcelain")),
    )


def build(runner: Runner, source: Source, options: Options, rest: list[str]) -> int:
    """Build an image for each process; they share every layer."""
    for target in commands.PROCESSES:
        if runner.run(commands.build(source, options, target, runner.buildx)):
            raise not_built(target)
        print(commands.image(source, options, target))
    return 0


def not_built(target: str) -> Failed:
    """Return what to say of a failed build."""
    return Failed(
        f"the stage {target} was not built; docker's words are above\n"
        "  where the base can't be pulled: sudo deploy/image/base/build, and do as it says\n"
        "  where a proxy opens TLS: EXTRA_CA=/path/to/its/certificate.pem"
    )


def test(runner: Runner, source: Source, options: Options, rest: list[str]) -> int:
    """Run the site's tests, or the ``rest`` as pytest's arguments, inside the image."""
    if runner.run(commands.build(source, options, "test", runner.buildx)):
        raise not_built("test")
    given = [name for name in HANDED_ON if os.environ.get(name)]
    user = f"{os.getuid()}:{os.getgid()}"
    return runner.run(commands.test(source, options, str(ROOT), user, given, rest))


def check(runner: Runner, source: Source, options: Options, rest: list[str]) -> int:
    """Hold the images that were built, and that a push would send, to what is promised of them.

    With ``--all`` they are built anew as well, on a clock and without any cache, and pushed to a
    registry of the tests' own. The ``rest`` goes to pytest.
    """
    tests = ALL_TESTS if "--all" in rest else BUILT_IMAGE_TESTS + SIDE_BY_SIDE
    rest = [word for word in rest if word != "--all"]
    # Those that push start a registry of their own, with what only development has.
    setup = ["bin/setup"] if tests == ALL_TESTS else ["bin/setup", "deploy"]
    pytest = [".venv/bin/pytest", "-q", "-c", "deploy/image/tests/pytest.ini", "--rootdir", "."]
    return runner.run(setup) or runner.run([*pytest, *tests, *rest])


def save(runner: Runner, source: Source, options: Options, rest: list[str]) -> int:
    """Write every image into a file, for an engine on another machine; make its folder."""
    file = only_file("save", rest)
    if not runner.dry:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    return runner.run(commands.save(source, options, file))


def load(runner: Runner, source: Source, options: Options, rest: list[str]) -> int:
    """Read the images of this commit from a file that ``save`` wrote, without IMAGE_REPOSITORY."""
    for argv in commands.load(source, options, only_file("load", rest)):
        if code := runner.run(argv):
            return code
    return 0


def only_file(verb: str, rest: list[str]) -> str:
    """Return the one file that a verb needs; raise Failed if it was given anything else."""
    if len(rest) != 1:
        raise Failed(f"{verb} needs one file\n  fix: bin/image {verb} /tmp/image.tar")
    return rest[0]


def push(runner: Runner, source: Source, options: Options, tags: list[str]) -> int:
    """Push every image under the commit's name, and the site's under each of ``tags`` too."""
    if source.dirty and not runner.dry:
        raise Failed(
            "the working tree differs from the commit\n"
            "  why: an image with a commit's name must hold that commit\n"
            "  fix: git status; then commit, or git stash"
        )
    examine_repository()
    try:
        with tempfile.TemporaryDirectory() as folder:
            log_in(runner, options.repository, folder)
            for argv in commands.push(source, options, tags):
                runner.ask(argv)
            for target in reversed(commands.PROCESSES):
                confirm(runner, commands.image(source, options, target))
    except Refused as refused:
        raise explained(refused, options.repository) from refused
    return 0


def examine_repository() -> None:
    """Raise Failed unless IMAGE_REPOSITORY names where something of ours can be pushed.

    A name without an account would be Docker Hub's ``library``:
    https://docs.docker.com/docker-hub/image-library/trusted-content/#docker-official-images
    """
    given = os.environ.get("IMAGE_REPOSITORY", "")
    fault = image_names.fault(given)
    if fault:
        raise Failed(
            f"IMAGE_REPOSITORY is {given!r}: {fault}\n"
            "  why: it says where the images are pushed; nothing was\n"
            "  fix: export IMAGE_REPOSITORY=docker.io/you/oc-lettings"
        )


def explained(refused: Refused, repository: str) -> Failed:
    """Return what to say when a registry refuses a push."""
    registry, refusal = commands.registry(repository), refused.refusal
    return Failed(
        f"{refusal.found(registry, TOKEN)}\n"
        f"  why: {refused.args[0].partition(' failed: ')[0]} failed, so not all was pushed\n"
        f"  fix: {refusal.way(registry, TOKEN)}"
    )


def log_in(runner: Runner, repository: str, folder: str) -> None:
    """Log in with the token that is set, for the time of this push; else as the client is."""
    token = os.environ.get(TOKEN)
    if not token:
        return
    runner.environment["DOCKER_CONFIG"] = folder
    runner.ask(commands.login(repository, os.environ.get("DOCKERHUB_USERNAME", "")), token)


def confirm(runner: Runner, name: str) -> None:
    """See that the registry got the one manifest that Heroku takes."""
    answer = runner.ask(commands.manifest(name))
    found = json.loads(answer or "{}").get("mediaType", "no media type")
    if found != commands.SCHEMA_2 and not runner.dry:
        raise Failed(
            f"{name} arrived as {found}\n"
            f"  why: Heroku's registry takes {commands.SCHEMA_2} alone\n"
            "  fix: build and push again; bin/image build asks any engine for that kind"
        )


VERBS = {
    "build": build,
    "test": test,
    "check": check,
    "save": save,
    "load": load,
    "push": push,
}
