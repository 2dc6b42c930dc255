"""Reading a configuration that a test makes."""

import pytest
import yaml

from tools.circleci.config import read


@pytest.fixture
def reading(tmp_path):
    """Return a function that reads a configuration given as data, text or bytes."""

    def give(config):
        path = tmp_path / "config.yml"
        if isinstance(config, dict):
            config = yaml.safe_dump(config)
        path.write_bytes(config if isinstance(config, bytes) else config.encode())
        return read(path)

    return give
