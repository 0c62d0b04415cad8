"""A file of an account as an answer, piece by piece."""

from __future__ import annotations

from django.http import StreamingHttpResponse

from todos.models import Transfer
from todos.transfers.files import chunks_of


def file_answer(transfer: Transfer) -> StreamingHttpResponse:
    """The file of `transfer`, to be kept by the person and by nobody on the way."""
    name = f"todo-{transfer.finished_at:%Y-%m-%d}.zip"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(transfer.size),
        "Cache-Control": "private, no-store",
    }
    return StreamingHttpResponse(
        chunks_of(transfer), content_type="application/zip", headers=headers
    )
