"""A workflow file with each thing that is read, and ways to change it."""

from copy import deepcopy

WHOLE = {
    "version": 2.1,
    "executors": {
        "python": {"docker": [{"image": "cimg/python:3.13"}], "environment": {"APP": "one"}}
    },
    "commands": {
        "prepare": {"steps": ["checkout", {"run": {"name": "Set up", "command": "bin/setup"}}]}
    },
    "jobs": {
        "test": {
            "docker": [
                {"image": "cimg/python:3.13"},
                {"image": "cimg/postgres:16.10", "environment": {"POSTGRES_USER": "u"}},
            ],
            "environment": {"DATABASE_URL": "postgres://u@127.0.0.1/u"},
            "parallelism": 2,
            "steps": [
                "prepare",
                {"restore_cache": {"keys": ["a-{{ arch }}"]}},
                {"save_cache": {"key": "a-{{ arch }}", "paths": [".venv"]}},
                {"store_artifacts": {"path": "coverage.xml"}},
                {"store_test_results": {"path": "test-results"}},
            ],
        },
        "release": {
            "executor": "python",
            "environment": {"MORE": "two"},
            "steps": ["prepare", "setup_remote_docker"],
        },
    },
    "workflows": {
        "delivery": {
            "jobs": [
                "test",
                {"hold": {"type": "approval", "requires": ["test"]}},
                {
                    "release": {
                        "requires": ["hold"],
                        "context": ["heroku"],
                        "serial-group": "one",
                        "filters": {"branches": {"only": "main", "ignore": ["/wip.*/"]}},
                    }
                },
            ]
        }
    },
}


def changed(place, value):
    """Return WHOLE with one value set, or taken out (None), at a place of keys with dots."""
    config = deepcopy(WHOLE)
    *way, last = [int(key) if key.isdigit() else key for key in place.split("/")]
    inner = config
    for key in way:
        inner = inner[key]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return config
