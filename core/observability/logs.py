"""How log lines look: JSON where machines read them, text where people do."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

from . import task_log
from .request_log import request_id, without_secrets

# No line says any of this, and finding it out is a third of what a line costs:
# https://docs.python.org/3/howto/logging.html#optimization
logging.logThreads = logging.logMultiprocessing = logging.logProcesses = False
logging.logAsyncioTasks = False


class AddRequestId(logging.Filter):
    """Gives every line the id of the request it was written for."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id()
        return True


class HideSecrets(logging.Filter):
    """Takes queries and keys out of every line, those of a library's errors and traces too.

    And says what strangers cause at will in one line without a trace: Django has an ERROR with one
    for each wrong Host, https://docs.djangoproject.com/en/5.2/ref/logging/#django-security-logger
    """

    SECURITY = "django.security."
    LONGEST = 300  # characters of what a stranger wrote

    def filter(self, record: logging.LogRecord) -> bool:
        if hasattr(record, "fields"):  # the request's own line is made without them
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
    """A line a person can read; a request's own line says what became of it."""

    REQUEST = (
        "{method} {path} {status} in {milliseconds} ms, {queries} queries, page cache: {cache}"
    )

    def format(self, record: logging.LogRecord) -> str:
        fields = getattr(record, "fields", None)
        if fields:
            record.msg, record.args = self.REQUEST.format(**fields), ()
        return super().format(record)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: what is said, and the fields of a request, and nothing else.

    Only what was meant for the log gets there: Django gives its records the whole request.
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
    """Return the dictionary for logging.config.dictConfig; lines go to standard error.

    Standard output stays what a command prints, so that it can be piped.
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
            # The request's own line says as much as these two would of a 404 or a 200.
            "django.request": {"level": "ERROR"},
            "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
            "axes.apps": {"level": "WARNING"},
            # Its end is said once, by Celery's tracer; that it has come, and every tick of the
            # clock, would be two lines more.
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            "gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False},
        },
    }
