"""The git remote: a repository whose hook writes down each push, and a clone to push from."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

# A push may say which stages count as passed: `git push -o passed=lint,test`. The rehearsal uses
# it for faults that no test can see, to spend its time on what comes after the tests.
HOOK = """#!/bin/sh
while read -r old new ref; do
    echo "$new $ref ${GIT_PUSH_OPTION_0:-}" >>"%(pushes)s"
done
"""
WHO = {"user.name": "Rehearsal", "user.email": "rehearsal@example.org"}


@dataclass(frozen=True)
class Push:
    """What a push brought: the commit, its branch, the first line of its message."""

    commit: str
    branch: str
    subject: str
    passed: tuple[str, ...] = ()


class Remote:
    """A remote at ``bare``, filled with the commit that ``source`` has, and a clone of it."""

    def __init__(self, folder: Path, source: Path) -> None:
        self.bare, self.clone, self.pushes = (
            folder / "remote.git",
            folder / "clone",
            folder / "pushes",
        )
        commit = git(source, "rev-parse", "HEAD")
        git(folder, "clone", "--quiet", "--bare", "--no-local", str(source), str(self.bare))
        for name in git(self.bare, "for-each-ref", "--format=%(refname)").split():
            git(self.bare, "update-ref", "-d", name)
        git(self.bare, "update-ref", "refs/heads/main", commit)
        git(self.bare, "symbolic-ref", "HEAD", "refs/heads/main")
        git(self.bare, "config", "receive.advertisePushOptions", "true")
        # The job's user is another one than the owner.
        git(self.bare, "config", "core.sharedRepository", "all")
        hook = self.bare / "hooks" / "post-receive"
        hook.write_text(HOOK % {"pushes": self.pushes})
        hook.chmod(0o755)
        self.pushes.touch()
        git(folder, "clone", "--quiet", str(self.bare), str(self.clone))
        for name, value in WHO.items():
            git(self.clone, "config", name, value)
        (self.clone / ".git" / "info" / "exclude").write_text(".venv\n")
        (self.clone / ".venv").symlink_to(source / ".venv")

    def commit(self, message: str, files: dict[str, str]) -> str:
        """Write files of the clone, or append to them (a text that begins with "+"); commit."""
        for name, text in files.items():
            path = self.clone / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a" if text.startswith("+") else "w") as file:
                file.write(text.removeprefix("+"))
        git(self.clone, "add", "--all")
        git(self.clone, "commit", "--quiet", "--message", message)
        return self.head()

    def push(self, branch: str, passed: tuple[str, ...] = ()) -> None:
        """Push the clone's commit to a branch."""
        options = ["-o", f"passed={','.join(passed)}"] if passed else []
        git(self.clone, "push", "--quiet", "--force", *options, "origin", f"HEAD:{branch}")

    def go_to(self, commit: str) -> None:
        """Take the clone back to a commit, as before what was committed since."""
        git(self.clone, "reset", "--quiet", "--hard", commit)

    def head(self) -> str:
        """Return the clone's commit."""
        return git(self.clone, "rev-parse", "HEAD")

    def since(self, position: int) -> tuple[list[Push], int]:
        """Return what was pushed since that position in the list, and the position after it."""
        lines = self.pushes.read_text().splitlines()
        return [self._read(line) for line in lines[position:]], len(lines)

    def _read(self, line: str) -> Push:
        commit, ref, *options = line.split()
        subject = git(self.bare, "show", "--no-patch", "--format=%s", commit)
        passed = tuple(options[0].removeprefix("passed=").split(",")) if options else ()
        return Push(commit, ref.removeprefix("refs/heads/"), subject, passed)

    def configuration(self, commit: str) -> str:
        """Return the workflow file of a commit: it is the pushed one that counts."""
        return git(self.bare, "show", f"{commit}:.circleci/config.yml") + "\n"


def git(folder: Path, *words: str) -> str:
    """Run git in a folder; return its output."""
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"git {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout.strip()
