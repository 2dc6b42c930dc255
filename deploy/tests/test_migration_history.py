"""The migrations between two commits, with a real git."""

import subprocess

import pytest

from deploy import commits, migration_history
from deploy.cli import Stop
from deploy.runner import Real


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """Return a function that commits files in the test's own repository and returns the id."""
    monkeypatch.chdir(tmp_path)

    def git(*words):
        return subprocess.check_output(["git", *words], text=True).strip()

    git("init", "--quiet")
    git("config", "user.email", "ada@example.org")
    git("config", "user.name", "Ada")

    def commit(**files):
        for name, text in files.items():
            path = tmp_path / "lettings" / "migrations" / f"{name}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        git("add", "--all")
        git("commit", "--quiet", "--allow-empty", "--message", "x")
        return git("rev-parse", "HEAD")

    return commit


@pytest.fixture
def acting():
    real = Real()
    yield real


def test_the_migrations_that_came_since(repository, acting):
    older = repository(__init__="", m0001_initial="")
    older = repository(**{"0001_initial": "a = 1"})
    newer = repository(**{"0002_stars": "operations = []", "0003_price": "b = 2"})
    found = migration_history.between(acting, older, newer)
    assert [str(one) for one in found] == ["lettings.0002_stars", "lettings.0003_price"]
    assert found[0].source == "operations = []"
    assert migration_history.between(acting, newer, newer) == []
    assert migration_history.last_of(acting, older, "lettings") == "0001_initial"
    assert migration_history.last_of(acting, newer, "lettings") == "0003_price"
    assert migration_history.last_of(acting, newer, "profiles") == "zero"


def test_a_migration_that_was_edited(repository, acting):
    older = repository(**{"0001_initial": "a = 1"})
    newer = repository(**{"0001_initial": "a = 2"})
    with pytest.raises(Stop, match="migrations that both commits have differ: lettings/migr"):
        migration_history.between(acting, older, newer)


def test_a_commit_that_is_not_here(repository, acting):
    newer = repository(**{"0001_initial": "a = 1"})
    with pytest.raises(Stop, match="git fetch --unshallow"):
        migration_history.between(acting, "4" * 40, newer)
    with pytest.raises(Stop, match="git knows no commit 'nowhere' here"):
        commits.resolve(acting, "nowhere")


def test_only_a_clean_tree_is_released(repository, acting, tmp_path):
    commit = repository(**{"0001_initial": "a = 1"})
    assert commits.wanted(acting) == commit
    (tmp_path / "new.py").write_text("")
    with pytest.raises(Stop, match=r"never tested:\n    \?\? new.py"):
        commits.wanted(acting)
    assert commits.wanted(acting, "HEAD") == commit
