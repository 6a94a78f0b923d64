"""No form takes a file unless its view says so. Django's own handlers would write whatever is sent to disk first."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile


def takes_a_file[View: Callable[..., Any]](most_bytes: int) -> Callable[[View], View]:
    """Let a view's forms hold files of at most this many bytes together, kept in memory. Larger ones are left out."""

    def mark(view: View) -> View:
        view.most_file_bytes = most_bytes  # type: ignore[attr-defined]
        return view

    return mark


class FilesAskedFor(FileUploadHandler):
    """Skips files, except for a signed-in person on a view that takes them, up to the size that it takes.

    Refuses a multipart body that is larger than any form may be, and than ten times the file that may be in it: up to
    there the form can still say that the file is too large.
    """

    def handle_raw_input(
        self, input_data: Any, meta: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        self.room = self._room()
        if content_length > max(settings.DATA_UPLOAD_MAX_MEMORY_SIZE, 10 * self.room):
            raise RequestDataTooBig("A form is larger than DATA_UPLOAD_MAX_MEMORY_SIZE.")
        if content_length > self.room + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            self.room = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if not self.room:
            raise SkipFile
        self.kept = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.room -= len(raw_data)
        if self.room < 0:
            self.room = 0
            raise SkipFile
        self.kept.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.kept.seek(0)
        return InMemoryUploadedFile(
            self.kept, self.field_name, self.file_name, self.content_type, file_size, self.charset
        )

    def _room(self) -> int:
        """Bytes that the view takes. The request knows its view by the time anybody reads its form."""
        request: Any = self.request
        found = getattr(request, "resolver_match", None)
        taken = getattr(found.func, "most_file_bytes", 0) if found else 0
        return int(taken) if taken and request.user.is_authenticated else 0
