"""The schemas that CI services publish, as check-jsonschema carries them."""

from pathlib import Path

from check_jsonschema import main
from click.testing import CliRunner


def validated(schema: str, path: Path) -> tuple[int, str]:
    """Give check-jsonschema's exit code and words about a file."""
    result = CliRunner().invoke(main, ["--builtin-schema", schema, str(path)])
    return result.exit_code, result.output
