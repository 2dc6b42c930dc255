"""bin/setup: which lock it installs, and when it makes .venv anew."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


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


@pytest.mark.parametrize("has_pip, options", [(True, "--clear --without-pip"), (False, "--clear")])
def test_a_release_unpacks_a_pip_only_where_there_is_none(tmp_path, has_pip, options):
    (tmp_path / "bin").mkdir()
    shutil.copy(ROOT / "bin" / "setup", tmp_path / "bin")
    (tmp_path / "requirements-deploy.txt").write_text("nothing\n")
    (tmp_path / "requirements-dev.txt").write_text("nothing more\n")
    python = tmp_path / "python"
    code = 0 if has_pip else 1
    python.write_text(
        f'#!/bin/sh\ncase $2 in venv) echo "$@" >asked; exit 1 ;; pip) exit {code} ;; esac\n'
    )
    python.chmod(0o755)
    environment = os.environ | {"PYTHON": str(python)}
    subprocess.run(["bin/setup", "deploy"], cwd=tmp_path, env=environment, capture_output=True)
    assert (tmp_path / "asked").read_text() == f"-m venv {options} .venv\n"
