"""Read a form to its end even when an upload does not fit on the disk.

While Django reads a form, it writes files over 2.5 MB to a temporary file:
https://docs.djangoproject.com/en/5.2/topics/http/file-uploads/
"""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler


class RoomyUploadHandler(TemporaryFileUploadHandler):
    """Django's handler, which also skips a file that does not fit on the disk, and notes that."""

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        try:
            super().new_file(field_name, *args, **kwargs)
        except OSError as error:
            self._leave_out(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self._leave_out(error)

    def file_complete(self, file_size: int) -> Any:
        try:
            return super().file_complete(file_size)
        except OSError as error:
            self._leave_out(error)

    def _leave_out(self, error: OSError) -> None:
        self.request.no_room = error
        names = getattr(self.request, "files_without_room", [])
        self.request.files_without_room = [*names, self.field_name]
        raise SkipFile from error
