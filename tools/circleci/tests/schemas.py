"""The schemas that CI services publish, as check-jsonschema carries them."""

import io
from contextlib import redirect_stdout
from pathlib import Path

from check_jsonschema import main


def validated(schema: str, path: Path) -> tuple[int, str]:
    """Return check-jsonschema's exit code and words about a file."""
    with redirect_stdout(io.StringIO()) as said:
        try:
            main(["--builtin-schema", schema, str(path)])
        except SystemExit as end:
            return end.code, said.getvalue()
