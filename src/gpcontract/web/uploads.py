"""Files sent to the explorer: none is taken. What people bring is text in a form, within a size that is small."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload


class Refused(FileUploadHandler):
    """Stops reading at the first file."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Stop: no file is taken."""
        raise StopUpload(connection_reset=False)

    def file_complete(self, file_size: int) -> Any:
        """Nothing is kept."""
        return None
