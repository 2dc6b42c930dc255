"""GitHub's workflows, Dependabot and the commit hooks: valid, and the same verbs as elsewhere."""

import os
import re
from pathlib import Path

import pytest
import yaml
from pre_commit.main import main as pre_commit

from .schemas import validated

ROOT = Path(__file__).parents[3]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
DEPENDABOT = ROOT / ".github" / "dependabot.yml"
HOOKS = ROOT / ".pre-commit-config.yaml"
LOCKS = [*ROOT.glob("requirements*.txt"), *(ROOT / "rehearsal").rglob("requirements.txt")]


def steps(path):
    """Return each step of each job."""
    jobs = yaml.safe_load(path.read_text())["jobs"]
    return [step for job in jobs.values() for step in job["steps"]]


@pytest.mark.parametrize(
    "schema, path",
    [
        *(("vendor.github-workflows", path) for path in WORKFLOWS),
        ("vendor.dependabot", DEPENDABOT),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_github_takes_it(schema, path):
    assert validated(schema, path) == (0, "ok -- validation done\n")


def test_pre_commit_takes_the_hooks():
    assert pre_commit(["validate-config", str(HOOKS)]) == 0


def test_every_step_and_every_hook_is_a_verb():
    commands = [step["run"] for path in WORKFLOWS for step in steps(path) if "run" in step]
    for repository in yaml.safe_load(HOOKS.read_text())["repos"]:
        assert repository["repo"] == "local"
        commands += [hook["entry"] for hook in repository["hooks"]]
    assert {"bin/lint", "bin/test", "bin/audit", "bin/format"} <= set(commands)
    for command in commands:
        assert re.fullmatch(r"bin/[a-z-]+", command), command
        assert os.access(ROOT / command, os.X_OK), command


def test_no_step_gets_more_than_it_needs():
    for path in WORKFLOWS:
        assert yaml.safe_load(path.read_text())["permissions"] == {"contents": "read"}
        assert "secrets" not in path.read_text()
        for step in steps(path):
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_only_githubs_own_actions_are_used():
    used = {
        step["uses"].partition("@")[0]
        for path in WORKFLOWS
        for step in steps(path)
        if "uses" in step
    }
    assert used == {"actions/checkout", "actions/setup-python"}


def test_pull_requests_are_tested_on_every_python_promised():
    pull_request = yaml.safe_load((ROOT / ".github/workflows/pull-request.yml").read_text())
    promised = re.findall(r"for python in ([\d. ]+);", (ROOT / "bin/test-matrix").read_text())[0]
    assert set(pull_request["jobs"]["test"]["strategy"]["matrix"]["python"]) == set(
        promised.split()
    )


def test_dependabot_knows_every_kind_of_dependency():
    updates = yaml.safe_load(DEPENDABOT.read_text())["updates"]
    kinds = {update["package-ecosystem"] for update in updates}
    assert kinds == {"uv", "docker", "github-actions"}
    (python,) = (update for update in updates if update["package-ecosystem"] == "uv")
    locks = {f"/{path.parent.relative_to(ROOT)}".rstrip(".") for path in LOCKS}
    assert set(python["directories"]) == locks


def test_dependabot_finds_the_base_image_in_a_from():
    # It reads no ARG: https://github.com/dependabot/dependabot-core/issues/2057
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    python = (ROOT / ".python-version").read_text().strip()
    assert f"FROM python:{python}-slim AS python" in lines
    assert "ARG BASE_IMAGE=python" in lines


def test_dependabot_finds_the_options_of_the_lock_in_its_head():
    for lock in LOCKS:
        head = lock.read_text().splitlines()[1]
        ours = lock.parent == ROOT
        options = "--universal --python-version 3.11" if ours else "--python-version 3.13"
        assert f"uv pip compile {options} --generate-hashes" in head, "type: make lock"


def test_the_branch_rules_name_the_jobs_that_run():
    paper = (ROOT / "CONTRIBUTING.md").read_text()
    jobs = yaml.safe_load((ROOT / ".github/workflows/pull-request.yml").read_text())["jobs"]
    for python in jobs["test"]["strategy"]["matrix"]["python"]:
        assert f"`test ({python})`" in paper
