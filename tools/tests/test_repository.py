"""Programs in bin/, targets of make and links in documents: each is there, and says what it is."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


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


def test_the_papers_link_to_files_that_exist():
    for paper in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", paper.read_text())
        for link in links:
            assert (
                paper.parent / link
            ).exists(), f"{paper.name} links to {link}, which is not there"


def test_documents_name_python_files_that_exist():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    there = {f"/{path}" for path in listed.stdout.splitlines()}
    for document in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for name in re.findall(r"`([\w/]+\.py)`", document.read_text()):
            found = any(path.endswith(f"/{name}") for path in there)
            assert found, f"{document.name} names {name}, which is not there"
