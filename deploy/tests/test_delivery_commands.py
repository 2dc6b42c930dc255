"""docs/delivery.md as it is typed: each command, in order, in bash and in zsh."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SITTING = (ROOT / "docs" / "delivery.md").read_text().partition("\n## Seven accounts")[2]
SITTING = SITTING.partition("\n## Variables\n")[0]
LINES = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```$", SITTING, re.M | re.S)
    for line in block.splitlines()
]
SECRETS = re.findall(r"^read -rs (\w+)$", "\n".join(LINES), re.M)
# Writes what it was called with, and with which of the secrets in its environment.
STUB = """#!/bin/sh
[ "$*" = "authorizations:create -d circleci -S" ] && echo HRKU-token
echo "$(basename "$0") $*" >>"$LOG"
env | grep -cE '^({names})=pasted$' >>"$LOG.secrets"
exit 0
"""


@pytest.fixture(params=["bash", "zsh"])
def typed(request, tmp_path):
    """Type every line into a shell whose programs only write down how they were called."""
    shell = shutil.which(request.param)
    if not shell:
        assert request.param == "zsh", "bash is what bin/ needs"
        pytest.skip("zsh is not installed")
    (tmp_path / "bin").mkdir()
    for name in ("git", "heroku", "bin/setup-accounts", "bin/smoke"):
        for path in (tmp_path / name, tmp_path / "bin" / Path(name).name):
            path.write_text(STUB.replace("{names}", "|".join(SECRETS)))
            path.chmod(0o755)
    # A line at a time, as from a keyboard; each `read` takes the next line for the secret.
    text = "".join(f"{line}\n" + "pasted\n" * line.startswith("read ") for line in LINES)
    done = subprocess.run(
        [shell, "-eu", "-s"],
        input=text,
        cwd=tmp_path,
        env={"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin", "LOG": str(tmp_path / "log")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return (tmp_path / "log").read_text().splitlines(), tmp_path


def test_every_line_is_understood(typed):
    called, folder = typed
    commands = [
        line for line in LINES if not re.match(r"(export \w+=[^$]*|export \w+|read .*)$", line)
    ]
    assert len(called) == len(commands)
    assert "heroku ps:scale worker=1 beat=1 -a you-lettings-staging" in called
    assert "heroku run -a you-lettings -- python manage.py createsuperuser" in called
    assert "smoke heroku:you-lettings-staging" in called
    assert called.count("setup-accounts ") == 2 and "setup-accounts --dry-run" in called


def test_every_secret_is_exported_and_on_no_command_line(typed):
    called, folder = typed
    assert not [line for line in called if "pasted" in line or "HRKU" in line]
    # By then all were pasted.
    assert (folder / "log.secrets").read_text().splitlines()[-1] == str(len(SECRETS))


def test_a_line_is_one_command_without_a_comment():
    for line in LINES:
        assert not re.search(r"(^|\s)#|;|&&|\\$", line), line


def test_what_is_asked_for_is_what_the_program_needs():
    from deploy.accounts.setup import NEEDED, WITHOUT

    exported = set(re.findall(r"^export (\w+)", "\n".join(LINES), re.M))
    assert set(NEEDED) | set(WITHOUT) <= exported
    assert set(SECRETS) <= exported
