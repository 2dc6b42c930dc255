"""The exact command of each step. Nothing here runs them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..registry import image_names

SCHEMA_2 = "application/vnd.docker.distribution.manifest.v2+json"
# What newer engines may push instead, and Heroku refuses: OCI's manifest, and lists of manifests.
OTHER_KINDS = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
# Newer clients add attestations unasked, which Heroku's registry refuses.
# https://docs.docker.com/build/metadata/attestations/
BUILD_ENVIRONMENT = {"DOCKER_BUILDKIT": "1", "BUILDX_NO_DEFAULT_ATTESTATIONS": "1"}
# What Heroku's registry takes, whichever store the engine keeps images in: Docker 29's default,
# containerd's, writes OCI manifests unless told. https://github.com/heroku/cli/issues/3222
# With any builder `docker` ends as an image of the engine; a client before 23 has BuildKit without
# buildx, and names the engine's own exporter.
# https://docs.docker.com/build/exporters/#configuration-options
AS_SCHEMA_2 = {
    True: ["--provenance=false", "--sbom=false", "--output", "type=docker,oci-mediatypes=false"],
    False: ["--output", "type=moby,oci-mediatypes=false"],
}
# What images are called that no registry is to have yet.
LOCAL = "oc-lettings"
# An image each, of the same layers (Dockerfile): its command, and how its tag ends.
PROCESSES = {"web": "", "worker": "-worker", "beat": "-beat", "release": "-release"}
SITE_TESTS = ["-n", "auto", "-q", "oc_lettings_site", "lettings", "profiles", "background"]
SITE_TESTS += ["ratelimits", "accounts", "enquiries", "dashboard"]


@dataclass(frozen=True)
class Source:
    """What is built: the commit, its date (ISO 8601), where it is published; and if it differs."""

    commit: str
    created: str
    url: str
    dirty: bool

    @property
    def release(self) -> str:
        """The name of what is built, which the site reports on /version."""
        return f"{self.commit}-dirty" if self.dirty else self.commit


@dataclass(frozen=True)
class Options:
    """Where the image comes from and goes to; an empty text or False leaves a thing out."""

    repository: str = LOCAL
    base: str = ""
    extra_ca: str = ""
    no_cache: bool = False


def public_url(remote: str) -> str:
    """Return the page of a git remote; nothing for a path or anything else that is not public.

    >>> public_url("git@github.com:someone/oc-lettings.git")
    'https://github.com/someone/oc-lettings'
    >>> public_url("https://user:token@github.com/someone/oc-lettings")
    'https://github.com/someone/oc-lettings'
    """
    match = re.fullmatch(
        r"(?:(?:https|ssh)://(?:[^@/]+@)?|git@)([\w.-]+\.\w+)[:/](.+?)(?:\.git)?/?", remote.strip()
    )
    return f"https://{match[1]}/{match[2]}" if match else ""


def image(source: Source, options: Options, target: str = "web") -> str:
    """Return the full name of the image that ``target`` becomes."""
    suffix = {**PROCESSES, "test": "-test"}[target]
    return f"{options.repository}:{source.release}{suffix}"


def build(source: Source, options: Options, target: str, buildx: bool = True) -> list[str]:
    """Return the build of one stage of the Dockerfile, as docker schema 2 on any engine.

    Without ``buildx`` the client is one before 23, whose BuildKit is built in.
    """
    argv = ["docker", "build", "--target", target, "--tag", image(source, options, target)]
    argv += AS_SCHEMA_2[buildx]
    if options.no_cache:
        argv.append("--no-cache")
    if options.base:
        argv += ["--build-arg", f"BASE_IMAGE={options.base}"]
    if options.extra_ca:
        argv += ["--secret", f"id=ca,src={options.extra_ca}"]
    arguments = {"RELEASE": source.release, "CREATED": source.created, "SOURCE": source.url}
    for name, value in arguments.items():
        argv += ["--build-arg", f"{name}={value}"]
    return [*argv, "."]


def test(
    source: Source, options: Options, root: str, user: str, databases: list[str], args: list[str]
) -> list[str]:
    """Return the tests' run in the image; ``databases`` are names of variables to hand on.

    The sources are mounted to be read, so that nothing is left behind in them.
    """
    argv = ["docker", "run", "--rm", "--read-only", "--tmpfs", "/tmp:exec", "--user", user]
    argv += ["--volume", f"{root}:/app:ro"]
    if databases:
        argv += ["--network", "host"]
    for name in databases:
        argv += ["--env", name]
    tested = [image(source, options, "test"), "pytest", "-p", "no:cacheprovider"]
    return [*argv, *tested, *(args or SITE_TESTS)]


def save(source: Source, options: Options, file: str) -> list[str]:
    """Return what writes every image into one file, in which each layer is once."""
    names = [image(source, options, process) for process in PROCESSES]
    return ["docker", "save", "--output", file, *names]


def load(source: Source, options: Options, file: str) -> list[list[str]]:
    """Return what reads the images that ``save`` wrote, and names them for their repository."""
    steps = [["docker", "load", "--quiet", "--input", file]]
    for process in PROCESSES:
        names = [image(source, where, process) for where in (Options(), options)]
        if names[0] != names[1]:
            steps.append(["docker", "tag", *names])
    return steps


def push(source: Source, options: Options, tags: list[str]) -> list[list[str]]:
    """Return the commands that push every image; ``web`` is last, and also gets ``tags``."""
    names = [image(source, options, process) for process in reversed(PROCESSES)]
    steps = [["docker", "push", "--quiet", name] for name in names]
    for tag in tags:
        name = f"{options.repository}:{tag}"
        steps += [["docker", "tag", names[-1], name], ["docker", "push", "--quiet", name]]
    return steps


def registry(repository: str) -> str:
    """Return the registry's host.

    >>> registry("someone/oc-lettings"), registry("127.0.0.1:5000/oc-lettings")
    ('docker.io', '127.0.0.1:5000')
    """
    return image_names.split(repository)[0]


def login(repository: str, username: str) -> list[str]:
    """Return the login; the password goes to its standard input."""
    return ["docker", "login", "--username", username, "--password-stdin", registry(repository)]


def manifest(name: str) -> list[str]:
    """Ask the registry which manifest it got. On the loop-back, registries speak plain HTTP."""
    local = image_names.LOOP_BACK.fullmatch(registry(name))
    return ["docker", "manifest", "inspect", *(["--insecure"] if local else []), name]
