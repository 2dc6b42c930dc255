"""requirements*.in and .txt: each dependency is pinned, with hashes, and has its reason."""

import re
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted(path.stem for path in ROOT.glob("requirements*.in"))


def asked_for(name: str) -> dict[str, Requirement]:
    """Return what ``<name>.in`` asks for by itself, by package name."""
    lines = (ROOT / f"{name}.in").read_text().splitlines()
    wanted = (Requirement(line) for line in lines if line and line[0] not in "#-")
    return {requirement.name.lower(): requirement for requirement in wanted}


def locked(name: str) -> dict[str, tuple[Requirement, str]]:
    """Return each pin of ``<name>.txt`` with the text (hashes, origins) that follows it."""
    text = (ROOT / f"{name}.txt").read_text()
    pins = re.findall(
        r"^([a-z0-9].*?)(?: \\)?\n((?:    .*\n)+)", text, re.MULTILINE | re.IGNORECASE
    )
    return {pin: (Requirement(pin), rest) for pin, rest in pins}


@pytest.mark.parametrize("name", LOCKS)
class TestLock:
    def test_every_wish_is_pinned_within_its_bounds(self, name):
        pins = [pin for pin, rest in locked(name).values() if f"-r {name}.in" in rest]
        for wish in asked_for(name).values():
            found = [pin for pin in pins if pin.name.lower() == wish.name.lower()]
            assert found, f"{wish} is not in {name}.txt; type: make lock"
            for pin in found:
                version = next(iter(pin.specifier)).version
                assert wish.specifier.contains(version), f"{pin} is not {wish}; type: make lock"

    def test_nothing_is_pinned_that_nobody_asks_for(self, name):
        wishes = asked_for(name)
        for pin, rest in locked(name).values():
            if re.search(rf"-r {name}\.in\b", rest):
                assert pin.name.lower() in wishes, f"{pin} is no longer asked for; type: make lock"

    def test_every_pin_has_hashes(self, name):
        for pin, rest in locked(name).values():
            assert "--hash=sha256:" in rest, f"{pin} has no hash; type: make lock"


def test_development_has_the_very_versions_of_production():
    production = {pin.split(" ")[0] for pin in locked("requirements")}
    development = {pin.split(" ")[0] for pin in locked("requirements-dev")}
    assert production <= development


def test_every_dependency_has_its_reason():
    page = (ROOT / "docs" / "architecture.md").read_text()
    reasons = set(re.findall(r"^\| ([a-z0-9-]+) \|", page, re.MULTILINE)) - {"package", "---"}
    assert reasons == set(asked_for("requirements"))


def test_what_a_release_needs_is_what_its_programs_import():
    """Apart from bin/messages, which development alone has; pytest is for bin/image check."""
    assert set(asked_for("requirements-deploy")) == {"pytest", "pytest-xdist", "urllib3"}
    own = {path.name.removesuffix(".py") for path in ROOT.iterdir()} | set(sys.stdlib_module_names)
    for path in (ROOT / "deploy").rglob("*.py"):
        if {"tests", "build"} & set(path.relative_to(ROOT).parts) or path.name == "messages.py":
            continue
        imported = re.findall(r"(?m)^ *(?:from|import) (\w+)", path.read_text())
        assert set(imported) <= own | {"urllib3"}, path
