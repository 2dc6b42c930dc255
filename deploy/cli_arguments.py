"""The command-line arguments that all release programs share."""

from __future__ import annotations

import argparse


def parser(
    verb: str, doc: str | None, commit: str = "", seconds: float = 0
) -> argparse.ArgumentParser:
    """Return a program's argument parser, with ``--dry-run``.

    ``commit`` is the help of ``--commit``, ``seconds`` the default of ``--timeout``; without
    them there is no such option.
    """
    parser = argparse.ArgumentParser(prog=f"bin/{verb}", description=doc)
    if commit:
        parser.add_argument("--commit", default="", help=commit)
    if seconds:
        parser.add_argument(
            "--timeout", type=float, default=seconds, help="seconds to wait (%(default)s)"
        )
    parser.add_argument("--dry-run", action="store_true", help="print every call; make none")
    return parser
