"""Format log lines: JSON for machines, text for people."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

from . import task_log
from .request_log import request_id, without_secrets

# No line shows any of these, and collecting them is a third of the cost of a line:
# https://docs.python.org/3/howto/logging.html#optimization
logging.logThreads = logging.logMultiprocessing = logging.logProcesses = False
logging.logAsyncioTasks = False


class AddRequestId(logging.Filter):
    """Add the id of the current request to every line."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id()
        return True


class HideSecrets(logging.Filter):
    """Remove queries and keys from every line, also from the errors and tracebacks of libraries.

    Also shorten to one line, without a traceback, what strangers can cause at will: Django logs
    an ERROR for each wrong Host:
    https://docs.djangoproject.com/en/5.2/ref/logging/#django-security-logger
    """

    SECURITY = "django.security."
    LONGEST = 300  # characters of a stranger's text

    def filter(self, record: logging.LogRecord) -> bool:
        if hasattr(record, "fields"):  # the line of RequestLog has none
            return True
        words = without_secrets(record.getMessage())
        if record.name.startswith(self.SECURITY):
            record.levelno, record.levelname = logging.INFO, "INFO"
            record.exc_info, words = None, words[: self.LONGEST]
        record.msg, record.args = words, ()
        if record.exc_info:
            trace = logging.Formatter().formatException(record.exc_info)
            record.exc_text = without_secrets(trace)
        return True


class TextFormatter(logging.Formatter):
    """Format a line for people; the line of a request shows its result."""

    REQUEST = (
        "{method} {path} {status} in {milliseconds} ms, {queries} queries, page cache: {cache}"
    )

    def format(self, record: logging.LogRecord) -> str:
        fields = getattr(record, "fields", None)
        if fields:
            record.msg, record.args = self.REQUEST.format(**fields), ()
        return super().format(record)


class JsonFormatter(logging.Formatter):
    """Format a line as one JSON object: the message and the fields of the request, nothing else.

    Other attributes are left out: Django attaches the whole request to its records.
    """

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": record.request_id,
            **task_log.fields(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            said["exception"] = record.exc_text or self.formatException(record.exc_info)
        return json.dumps(said)


def config(as_json: bool) -> dict[str, Any]:
    """Return the dictionary for logging.config.dictConfig. Lines go to standard error.

    Standard output has only what a command prints, so that it can be piped.
    """
    here = __name__
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "request_id": {"()": f"{here}.AddRequestId"},
            "secrets": {"()": f"{here}.HideSecrets"},
        },
        "formatters": {
            "json": {"()": f"{here}.JsonFormatter"},
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
                "filters": ["request_id", "secrets"],
            }
        },
        "root": {"level": "INFO", "handlers": ["console"]},
        "loggers": {
            # Everything goes through the root logger, once; nobody is mailed.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # RequestLog already writes a line for each 404 and 200.
            "django.request": {"level": "ERROR"},
            "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
            "axes.apps": {"level": "WARNING"},
            # Celery's tracer logs the end of each task. Its arrival, and every tick of the
            # clock, would add two lines.
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            "gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False},
        },
    }
