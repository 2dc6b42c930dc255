"""Pictures on this machine's disk: each file is there whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class WholeFileSystemStorage(FileSystemStorage):
    """Writes beside the name first: a full disk would leave a part that is taken for the whole."""

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Give folders and files; a folder that nothing was kept in so far is empty, as on S3."""
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
