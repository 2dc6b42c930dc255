"""How log lines look: JSON where machines read them, text where people do."""

from __future__ import annotations

import logging
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from .requestlog import request_id


class AddRequestId(logging.Filter):
    """Gives every line the id of the request it was written for."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id()
        return True


class TextFormatter(logging.Formatter):
    """A line a person can read; a request's own line says what became of it."""

    def format(self, record: logging.LogRecord) -> str:
        if record.name == "oc_lettings_site.requests":
            record.message = record.msg = (
                f"{record.method} {record.path} {record.status} in {record.milliseconds} ms,"
                f" {record.queries} queries, page cache: {record.cache}"
            )
        return super().format(record)


def json_formatter() -> JsonFormatter:
    """Give the formatter of production: one JSON object a line."""
    return JsonFormatter(
        "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s",
        rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
    )


def config(as_json: bool) -> dict[str, Any]:
    """Give the dictionary for logging.config.dictConfig; lines go to standard error.

    Standard output stays what a command prints, so that it can be piped.
    """
    here = __name__
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": f"{here}.AddRequestId"}},
        "formatters": {
            "json": {"()": f"{here}.json_formatter"},
            "text": {
                "()": f"{here}.TextFormatter",
                "format": "{asctime} {levelname} {message}",
                "datefmt": "%H:%M:%S",
                "style": "{",
            },
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "json" if as_json else "text",
                "filters": ["request_id"],
            }
        },
        "root": {"level": "INFO", "handlers": ["console"]},
        "loggers": {
            # Everything goes through the root logger, once; nobody is mailed.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # The request's own line says as much as these two would of a 404 or a 200.
            "django.request": {"level": "ERROR"},
            "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
            "axes.apps": {"level": "WARNING"},
            "gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False},
        },
    }
