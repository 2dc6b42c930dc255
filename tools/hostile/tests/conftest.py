"""A production start for the tests, from a tree that is prepared once."""

import shutil

import pytest

from tools.hostile.production import Production


@pytest.fixture(scope="session")
def prepared_tree(tmp_path_factory):
    folder = tmp_path_factory.mktemp("prepared") / "site"
    Production(folder, DATABASE_URL=f"sqlite:///{folder}/db.sqlite3").prepare()
    return folder


@pytest.fixture
def prepared(prepared_tree, monkeypatch):
    """Let each start copy the tree, and its database on SQLite, where it would make them anew."""

    def prepare(self):
        shutil.copytree(prepared_tree, self.folder, dirs_exist_ok=True)

    monkeypatch.setattr(Production, "prepare", prepare)
