"""What runs in production, and what visitors see while Sentry, Redis or the registry is down."""

from __future__ import annotations

import re
import time

from deploy.image.commands import PROCESSES

from ..steady_load import Load
from ..environment import PRODUCTION, STAGING, Environment
from .proof import expect, proof, short

WHILE_DOWN = 4
ERROR_SECONDS = 3.0


@proof("promote", "staging and production run the same digest")
def same_digest(environment: Environment) -> str:
    """Compare what both apps run, once a pipeline has promoted it."""
    expect(environment.pushed is not None, "nothing was promoted")
    found = {process: environment.digest(STAGING, process) for process in PROCESSES}
    for process, digest in found.items():
        expect(environment.digest(PRODUCTION, process) == digest, f"{process} differs")
    return ", ".join(f"{process} {digest[:19]}" for process, digest in found.items()) + " on both"


@proof("sentry", "/sentry-debug/ turns up as an issue of the commit that is live")
def sentry_issue(environment: Environment) -> str:
    """Find the issue in the log of the pipeline's stage."""
    expect(environment.pushed is not None, "no pipeline reached production")
    said = environment.pushed.log("sentry")
    arrived = re.search(r"arrived within ([\d.]+) s", said)
    release = re.search(r"release ([0-9a-f]{40}), environment (\w+)", said)
    expect(bool(arrived and release), said[-2000:])
    expect(release[1] == environment.good, f"the issue is of {release[1]}")
    environment.issue = re.findall(r"http://\S+/issues/issue/\S+", said)[-1]
    return f"issue of release {short(release[1])}, {release[2]}, after {arrived[1]} s"


def without(environment: Environment, service: object) -> Load:
    """Load production for some seconds while a service is down; return what its visitors saw."""
    service.stop()
    with Load(environment.urls[PRODUCTION]) as load:
        time.sleep(WHILE_DOWN)
    expect(not load.seen.failed, str(load.seen))
    return load


@proof("running", "with Sentry down the site serves, and the release says so")
def sentry_down(environment: Environment) -> str:
    """Stop Sentry, and cause an error that can't be reported."""
    try:
        load = without(environment, environment.sentry)
        began = time.monotonic()
        debug = environment.get(PRODUCTION, "/sentry-debug/")
        took = time.monotonic() - began
        expect(debug.status == 500, f"/sentry-debug/ was answered {debug.status}")
        expect(took < ERROR_SECONDS, f"the page of an error took {took:.1f} s")
        said = environment.verb("sentry-release", "production", good=False)
    finally:
        environment.sentry.start()
    line = next((line.strip() for line in said.splitlines() if "no answer" in line), "")
    expect(bool(line), said)
    return f"{load.seen.asked} requests, 0 failed; '{line}'"


@proof("running", "with Redis down the site serves, and the release says so")
def redis_down(environment: Environment) -> str:
    """Stop Redis."""
    try:
        load = without(environment, environment.redis)
        ready = environment.get(PRODUCTION, "/readyz")
        said = environment.verb("smoke", f"heroku:{PRODUCTION}", good=False)
    finally:
        environment.redis.start()
    expect(ready.status == 503 and "cache" in ready.data.decode(), f"/readyz: {ready.data!r}")
    line = next((line.strip() for line in said.splitlines() if "cache" in line), "")
    expect(bool(line), said)
    return f"{load.seen.asked} requests, 0 failed; '{' '.join(line.split())[:110]}'"


@proof("running", "with the registry down the site serves, and the release says so")
def registry_down(environment: Environment) -> str:
    """Stop the hub."""
    try:
        load = without(environment, environment.hub)
        said = environment.verb("release", "heroku", STAGING, good=False)
    finally:
        environment.hub.start()
    line = next((line.strip() for line in said.splitlines() if "could not be reached" in line), "")
    expect(bool(line), said)
    expect(environment.live(STAGING) == environment.good, "staging changed")
    return f"{load.seen.asked} requests, 0 failed; '{line[:110]}'"
