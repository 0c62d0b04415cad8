"""Where the files of transfers lie: in the database, in pieces.

Web servers and workers may be on different machines, and their disks read-only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO

from todos.models import Transfer, TransferChunk


def keep_file(transfer: Transfer, chunks: Iterable[bytes]) -> None:
    """Make `chunks` the file of `transfer`, and note its size. Within a transaction."""
    forget_file(transfer)
    transfer.size = 0
    for number, data in enumerate(chunks):
        TransferChunk.objects.create(
            owner_id=transfer.owner_id, transfer=transfer, number=number, data=data
        )
        transfer.size += len(data)


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while data := file.read(TransferChunk.LARGEST):
        yield data


def chunks_of(transfer: Transfer) -> Iterator[bytes]:
    """The file of `transfer`, one query for each piece."""
    rows = TransferChunk.objects.filter(owner=transfer.owner_id, transfer=transfer)
    number = 0
    while (data := rows.filter(number=number).values_list("data", flat=True).first()) is not None:
        yield bytes(data)
        number += 1


@contextmanager
def file_of(transfer: Transfer) -> Iterator[IO[bytes]]:
    """The file of `transfer` on this machine, gone at the end."""
    with TemporaryFile() as file:
        for data in chunks_of(transfer):
            file.write(data)
        file.seek(0)
        yield file


def forget_file(transfer: Transfer) -> None:
    TransferChunk.objects.filter(owner=transfer.owner_id, transfer=transfer).delete()
