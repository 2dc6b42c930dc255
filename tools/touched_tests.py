"""bin/test --changed: the test files that a change touches, the nearest first.

A module's tests are those that import it, or that import what imports it. Further away than that
nearly every test is touched by nearly every change: ``make test`` runs those. Where no test is so
near (a view is asked for by its address, a template by its name), the app's own tests are.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from configparser import ConfigParser
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
HOPS = 2


def changed_files(base: str) -> list[str]:
    """Return the files that differ from ``base``, those that git does not know yet included."""
    commands = (["diff", "--name-only", base], ["ls-files", "--others", "--exclude-standard"])
    found = []
    for command in commands:
        done = subprocess.run(
            ["git", *command], cwd=ROOT, capture_output=True, text=True, check=True
        )
        found += done.stdout.splitlines()
    return found


def begun_at() -> str:
    """Return where this branch left main; on main itself, the last commit."""
    done = subprocess.run(
        ["git", "merge-base", "HEAD", "main"], cwd=ROOT, capture_output=True, text=True
    )
    return done.stdout.strip() or "HEAD"


def packages() -> list[str]:
    """Return the packages whose tests `make test` runs."""
    settings = ConfigParser(interpolation=None)
    settings.read(ROOT / "setup.cfg")
    folders = settings["tool:pytest"]["testpaths"].split()
    return sorted({folder.split("/")[0] for folder in folders} - {"docs"})


def module_of(path: str) -> str:
    """Return the dotted name of a Python file.

    >>> module_of("core/web/__init__.py"), module_of("core/env.py")
    ('core.web', 'core.env')
    """
    return path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def path_of(module: str) -> str:
    """Return the file of a module that is no package."""
    return module.replace(".", "/") + ".py"


def is_test(module: str) -> bool:
    """Return whether pytest looks into a module."""
    return module.rpartition(".")[2].startswith("test_")


def touched(files: Iterable[str], graph: grimp.ImportGraph) -> list[str]:
    """Return the test files for changed files, those that are nearest first."""
    near: dict[str, None] = {}
    apps: dict[str, None] = {}
    for path in files:
        found = []
        if path.endswith(".py"):
            found = [*importing(module_of(path), graph), *named_after(path, graph)]
        near |= dict.fromkeys(found)
        if not found:
            apps[path.split("/")[0]] = None
    own = (each for each in sorted(graph.modules) if each.split(".")[0] in apps and is_test(each))
    return [path_of(module) for module in near | dict.fromkeys(own)]


def named_after(path: str, graph: grimp.ImportGraph) -> list[str]:
    """Return the tests of the app that have the file's name: of a view, which none imports."""
    app, name = path.split("/")[0], f".test_{Path(path).stem}"
    return [each for each in graph.modules if each.split(".")[0] == app and each.endswith(name)]


def importing(module: str, graph: grimp.ImportGraph) -> list[str]:
    """Return the test modules that are a module, import it, or import what imports it."""
    near = {module} & graph.modules
    found = dict.fromkeys(filter(is_test, near))
    seen = set(near)
    for _ in range(HOPS):
        near = {each for one in near for each in graph.find_modules_that_directly_import(one)}
        near -= seen
        seen |= near
        found |= dict.fromkeys(sorted(filter(is_test, near)))
    return list(found)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    imports = grimp.build_graph(*packages(), cache_dir=None)
    for name in touched(changed_files(begun_at()), imports):
        print(name)
