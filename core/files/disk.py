"""Pictures on this machine's disk. A file is complete or not there."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class WholeFileSystemStorage(FileSystemStorage):
    """Write to a temporary name first: on a full disk, half a file would look like a whole one."""

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Return folders and files; a folder that does not exist is empty, as on S3."""
        try:
            return super().listdir(path)
        except FileNotFoundError:
            return [], []

    def _save(self, name: str, content: Any) -> str:
        part = f"{name}.{secrets.token_hex(4)}.part"
        try:
            super()._save(part, content)
            os.replace(self.path(part), self.path(name))
        except BaseException:
            Path(self.path(part)).unlink(missing_ok=True)
            raise
        return name
