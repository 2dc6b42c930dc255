"""What keeps the house in order: the lock, the verbs, the papers."""

import os
import re
import shutil
import subprocess
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


def test_make_lists_every_verb_and_each_is_a_program():
    listed = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, check=True)
    verbs = re.findall(r"^  make (\w+) +\S", listed.stdout, re.MULTILINE)
    assert verbs == "run test lint format shell debug lock bench rehearse help".split()
    for verb in set(verbs) - {"help"}:
        assert os.access(ROOT / "bin" / verb, os.X_OK), f"bin/{verb} is not a program"


def test_every_program_says_what_it_is_for():
    for program in (ROOT / "bin").iterdir():
        second_line = program.read_text().splitlines()[1]
        assert re.match(r'# \S|"""\S', second_line), f"{program.name} begins without a purpose"


def test_every_dependency_has_its_reason():
    page = (ROOT / "docs" / "architecture.md").read_text()
    reasons = set(re.findall(r"^\| ([a-z0-9-]+) \|", page, re.MULTILINE)) - {"package", "---"}
    assert reasons == set(asked_for("requirements"))


def test_the_papers_link_to_files_that_exist():
    for paper in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", paper.read_text())
        for link in links:
            assert (
                paper.parent / link
            ).exists(), f"{paper.name} links to {link}, which is not there"


def clone_to_set_up(folder, installed):
    """Make what bin/setup needs in a folder, with a .venv that has one of the locks installed."""
    (folder / "bin").mkdir()
    shutil.copy(ROOT / "bin" / "setup", folder / "bin")
    for name in ("dev", "deploy"):
        (folder / f"requirements-{name}.txt").write_text(f"nothing for {name}\n")
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv/bin/python").symlink_to("/bin/true")
    sums = subprocess.run(
        ["cksum"], input=f"nothing for {installed}\n", capture_output=True, text=True
    )
    (folder / ".venv" / f"installed-{sums.stdout.strip().replace(' ', '-')}").touch()


@pytest.mark.parametrize(
    "words, installed, said",
    [
        ([], "dev", ""),
        (["deploy"], "deploy", ""),
        (["deploy"], "dev", ""),
        (["deploy"], "nobody", "setup: installing requirements-deploy.txt\n"),
    ],
)
def test_a_release_needs_its_own_lock_or_all_of_development(tmp_path, words, installed, said):
    clone_to_set_up(tmp_path, installed)
    done = subprocess.run(["bin/setup", *words], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, said, "")


def test_development_is_not_content_with_what_a_release_needs(tmp_path):
    clone_to_set_up(tmp_path, "deploy")
    done = subprocess.run(["bin/setup"], cwd=tmp_path, capture_output=True, text=True)
    assert "setup: installing requirements-dev.txt" in done.stdout


def test_another_word_of_set_up_is_refused(tmp_path):
    clone_to_set_up(tmp_path, "dev")
    done = subprocess.run(["bin/setup", "all"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2
    assert "type: bin/setup, or: bin/setup deploy" in done.stderr


def test_what_a_release_needs_is_what_its_programs_import():
    """Apart from bin/messages, which development alone has; pytest is for bin/image check."""
    assert set(asked_for("requirements-deploy")) == {"pytest", "pytest-xdist", "urllib3"}
    own = {path.name.removesuffix(".py") for path in ROOT.iterdir()} | set(sys.stdlib_module_names)
    for path in (ROOT / "deploy").rglob("*.py"):
        if {"tests", "build"} & set(path.relative_to(ROOT).parts) or path.name == "messages.py":
            continue
        imported = re.findall(r"(?m)^ *(?:from|import) (\w+)", path.read_text())
        assert set(imported) <= own | {"urllib3"}, path


@pytest.mark.parametrize("there", [True, False], ids=["runs", "is gone"])
def test_a_venv_whose_python_is_gone_is_made_anew(tmp_path, there):
    """An upgrade of Python, or a cache from another machine, leaves a link to nothing."""
    (tmp_path / "requirements-dev.txt").write_text("nothing\n")
    (tmp_path / "bin").mkdir()
    shutil.copy(ROOT / "bin" / "setup", tmp_path / "bin")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable if there else "/gone/python3")
    words = subprocess.run(["cksum"], input="nothing\n", capture_output=True, text=True).stdout
    (tmp_path / ".venv" / f"installed-{words.strip().replace(' ', '-')}").touch()
    python = tmp_path / "python"
    python.write_text(
        f'#!/bin/sh\n[ "$2" != venv ] || {{ echo "$@" >{tmp_path}/asked; exit 1; }}\n'
    )
    python.chmod(0o755)
    environment = os.environ | {"PYTHON": str(python)}
    done = subprocess.run(["bin/setup"], cwd=tmp_path, env=environment, capture_output=True)
    asked = tmp_path / "asked"
    assert done.returncode == (0 if there else 1)
    assert asked.exists() != there
    assert there or asked.read_text() == "-m venv --clear .venv\n"
