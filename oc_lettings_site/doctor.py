"""The settings doctor: every variable, where its value came from, and what is wrong with it.

``bin/doctor`` and ``manage.py doctor`` both end here; neither needs settings that load.
"""

from __future__ import annotations

import sys
from typing import TextIO

from core.env import BadEnvironment, Env

from . import start_checks


def report(env: Env, out: TextIO) -> int:
    """Write the table of variables and each fault to ``out``; return 1 if there are faults."""
    rows = [("VARIABLE", "VALUE", "FROM")]
    rows += [(v.name, v.shown or "-", v.source) for v in env.variables.values()]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for name, value, source in rows:
        out.write(f"{name:<{widths[0]}}  {value:<{widths[1]}}  {source}\n")
    out.write("\n")
    if not env.faults:
        out.write("doctor: no fault found\n")
        return 0
    for fault in env.faults:
        out.write(f"{fault}\n\n")
    count = len(env.faults)
    out.write(f"doctor: {count} fault{'s' if count > 1 else ''} found; docs/configuration.md\n")
    return 1


def main() -> int:
    """Examine this process's environment, and report to standard output."""
    try:
        from .settings import env
    except BadEnvironment as error:
        env = error.env
    start_checks.note_faults(env)
    return report(env, sys.stdout)


if __name__ == "__main__":
    sys.exit(main())
