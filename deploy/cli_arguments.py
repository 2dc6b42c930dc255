"""What can be typed after every verb of the way to production."""

from __future__ import annotations

import argparse


def parser(
    verb: str, doc: str | None, commit: str = "", seconds: float = 0
) -> argparse.ArgumentParser:
    """Return the parser of a verb, with ``--dry-run``.

    With ``commit``, its help, it takes ``--commit``; with ``seconds``, its default, ``--timeout``.
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
