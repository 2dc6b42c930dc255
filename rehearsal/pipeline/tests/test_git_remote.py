"""A push to the remote is written down, with what it says."""

import subprocess

import pytest

from rehearsal.pipeline.git_remote import Push, Remote, git


@pytest.fixture
def remote(tmp_path):
    source = tmp_path / "source"
    (source / ".circleci").mkdir(parents=True)
    (source / ".circleci/config.yml").write_text("version: 2.1\n")
    git(source, "init", "--quiet", "--initial-branch", "some-branch")
    git(source, "add", "--all")
    who = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    subprocess.run(["git", *who, "commit", "-qm", "First"], cwd=source, check=True)
    work = tmp_path / "work"
    work.mkdir()
    return Remote(work, source)


def test_whatever_branch_is_rehearsed_becomes_main(remote):
    assert git(remote.clone, "rev-parse", "origin/main") == remote.head()
    assert remote.since(0) == ([], 0)


def test_a_push_is_seen_once_with_its_branch_and_subject(remote):
    commit = remote.commit(
        "Change something", {"a/file": "text\n", ".circleci/config.yml": "+# x\n"}
    )
    remote.push("feature")
    pushes, position = remote.since(0)
    assert pushes == [Push(commit, "feature", "Change something")]
    assert remote.since(position) == ([], 1)
    assert remote.configuration(commit) == "version: 2.1\n# x\n"


def test_a_push_can_say_which_stages_count_as_passed(remote):
    remote.commit("Again", {"file": "text\n"})
    remote.push("main", passed=("lint", "test"))
    assert remote.since(0)[0][0].passed == ("lint", "test")


def test_going_back_leaves_nothing_of_what_was_committed(remote):
    first = remote.head()
    remote.commit("Bad", {"bad": "text\n"})
    remote.go_to(first)
    assert not (remote.clone / "bad").exists()


def test_gits_own_words_tell_what_went_wrong(remote):
    with pytest.raises(RuntimeError, match="single revision"):
        git(remote.clone, "rev-parse", "--verify", "nothing-like-it^{commit}", "--")
