"""What a branch can put into the project's caches, which the jobs of main restore too."""

from __future__ import annotations

import yaml

from ..environment import STAGING, Environment
from .proof import expect, proof
from .pushes import TESTS, pipeline_words, wait_until_over

WORDS = "forged: this is the branch's program, and it sees"
# In the place of Python and of each tool of lint; it does no work, and says whose secrets it has.
PROGRAM = f"""#!/bin/sh
echo "{WORDS} ${{HEROKU_API_KEY:-no key}}, ${{DOCKERHUB_TOKEN:-no token}}"
"""
NAMES = "python flake8 black lint-imports shellcheck pytest uv"
FORGE = f"""#!/bin/bash
# Makes a .venv that passes for the one of this commit's locks.
set -euo pipefail
mkdir -p .venv/bin
for lock in requirements-dev.txt requirements-deploy.txt; do
    touch ".venv/installed-$(cksum <"$lock" | tr ' ' -)"
done
cat >.venv/bin/python <<'END'
{PROGRAM}END
chmod +x .venv/bin/python
for name in {NAMES}; do
    [ -e ".venv/bin/$name" ] || cp .venv/bin/python ".venv/bin/$name"
done
"""
LOCKS = ("requirements-dev.txt", "requirements-deploy.txt")
# Main's next locks, which the branch has first: no cache is saved under their key yet.
NEXT = {lock: "+# The next release of everything.\n" for lock in LOCKS}


def forging(config: str) -> str:
    """Return a workflow file whose command prepare saves a forged .venv, as that one would."""
    parts = yaml.safe_load(config)
    checkout, _, install, save = parts["commands"]["prepare"]["steps"]
    install["run"]["command"] = "bin/forge"
    parts["commands"]["prepare"]["steps"] = [checkout, install, save]
    # Its lint ends well without doing a thing.
    parts["jobs"]["lint"]["steps"] = ["prepare"]
    return yaml.safe_dump(parts, sort_keys=False)


def poison(environment: Environment) -> None:
    """Let a branch save a forged .venv under the key that main's next commit restores."""
    config = (environment.remote.clone / ".circleci/config.yml").read_text()
    program = environment.remote.clone / "bin/forge"
    program.touch(mode=0o755)
    files = {**NEXT, ".circleci/config.yml": forging(config), "bin/forge": FORGE}
    environment.remote.commit("Forge what main will run", files)
    pipeline = environment.pipelines.push("forge", passed=("test", "image-unpushed"))
    wait_until_over(pipeline, TESTS)
    expect(pipeline.states["lint"] == "success", pipeline_words(pipeline))
    expect("Saved" in pipeline.log("lint"), f"nothing was saved:\n{pipeline.log('lint')}")
    environment.remote.go_to(environment.good)


@proof("git push", "a cache that a branch has poisoned reaches no secret")
def poisoned_cache(environment: Environment) -> str:
    """Push main's commit after a branch has forged the .venv of its locks.

    Main's tests, image and push count as passed: its lint runs what was forged, without any
    secret, and its release, which has two contexts, must not. It finds no image at the hub, and
    ends there.
    """
    poison(environment)
    environment.remote.commit("Take the next release of everything", NEXT)
    main = environment.pipelines.push("main", passed=("test", "image", "push"))
    wait_until_over(main, TESTS)
    fooled, held = main.log("lint"), main.log("release-staging")
    expect(WORDS in fooled, f"the forged .venv did not even reach lint:\n{fooled[-2000:]}")
    expect(f"{WORDS} no key, no token" in fooled, f"lint has a secret:\n{fooled[-2000:]}")
    expect("installing requirements-deploy.txt" in held, f"no release began:\n{held[-2000:]}")
    expect(WORDS not in held, f"the release ran what was forged:\n{held[-2000:]}")
    expect(main.states["release-staging"] == "failed", pipeline_words(main))
    expect(environment.live(STAGING) == environment.good, "staging changed")
    return "main's lint ran the branch's .venv and saw no secret; release-staging made its own"
