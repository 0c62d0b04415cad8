"""Asking for an export or an import of an account, and the background jobs that do them.

Their arguments are ids of rows. A job may run more than once: what is done already is left.
"""

from __future__ import annotations

from datetime import datetime
from tempfile import TemporaryFile

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from accounts import limits
from accounts.background import storable, unfinished_jobs
from accounts.models import User
from accounts.transactions import patient
from todos import mails
from todos.models import Transfer
from todos.transfers import files
from todos.transfers.archives import document_in
from todos.transfers.exporting import write_export
from todos.transfers.importing import check_file, refuse_full_account, write_file
from todos.transfers.reading import sentence_of


def begin(user: User, kind: str, *, at: datetime) -> tuple[Transfer, bool]:
    """The transfer of this kind, waiting from now on, and True; or the one that waits already.

    The row is the caller's alone until the end of the transaction.
    """
    rows = Transfer.objects.select_for_update()
    transfer, is_new = rows.get_or_create(owner=user, kind=kind, defaults={"asked_at": at})
    if not is_new and transfer.is_under_way(at=at):
        return transfer, False
    transfer.state, transfer.asked_at, transfer.finished_at = Transfer.State.WAITING, at, None
    transfer.error, transfer.size = "", 0
    files.forget_file(transfer)
    transfer.save()
    return transfer, True


def ask_for_export(user: User, *, at: datetime) -> tuple[Transfer, bool]:
    """Have the file of the account made soon, in the place of the last one. Returns the transfer,
    and whether it begins now: one that is being made already is not begun anew.

    Raises LimitReached after five in an hour.
    """
    with transaction.atomic():
        transfer, begins = begin(user, Transfer.Kind.EXPORT, at=at)
        if begins:
            limits.EXPORTS.use(user.pk, at=at)
            make_export.enqueue(transfer.pk)
    return transfer, begins


def ask_for_import(user: User, file: File[bytes], *, at: datetime) -> Transfer:
    """Have the account made soon what `file` says. Returns the transfer that waits.

    Raises ValidationError for what is no export, when the account is not empty, and while another
    import waits; LimitReached after five in an hour.
    """
    limits.IMPORTS.use(user.pk, at=at)
    if file.size > settings.LARGEST_IMPORT:
        raise ValidationError(_("A file to be imported has 50 MiB at most."))
    refuse_full_account(user)
    with document_in(file):
        pass
    with transaction.atomic():
        transfer, begins = begin(user, Transfer.Kind.IMPORT, at=at)
        if not begins:
            raise ValidationError(_("A file is being imported already."))
        files.keep_file(transfer, files.pieces_of(file))
        transfer.save()
        run_import.enqueue(transfer.pk)
    return transfer


@task()
def make_export(transfer_id: int) -> None:
    """Make the file; nothing when it was made, or the account is closed."""
    transfer = Transfer.objects.select_related("owner").filter(pk=transfer_id).first()
    if transfer is None or not transfer.is_waiting:
        return
    with TemporaryFile() as file:
        write_export(transfer.owner, file, at=timezone.now())
        with transaction.atomic():
            present = Transfer.objects.select_for_update().filter(pk=transfer_id).first()
            if present is None or not present.is_waiting:
                return
            files.keep_file(present, files.pieces_of(file))
            present.state, present.finished_at = Transfer.State.DONE, timezone.now()
            present.save()
            tell_of_export.enqueue(transfer_id)


@task()
def run_import(transfer_id: int) -> None:
    """Import the file, all of it or nothing; nothing when that was done."""
    transfer = Transfer.objects.select_related("owner").filter(pk=transfer_id).first()
    if transfer is None or not transfer.is_waiting:
        return
    user, at = transfer.owner, timezone.now()
    with files.file_of(transfer) as file:
        try:
            gone = check_file(user, file)
            with patient():
                if not end_import(transfer_id, Transfer.State.DONE):
                    return
                write_file(user, file, gone, at=at)
        except ValidationError as refusal:
            with transaction.atomic():
                end_import(transfer_id, Transfer.State.REFUSED, error=sentence_of(refusal))


def end_import(transfer_id: int, state: str, *, error: str = "") -> bool:
    """Note how an import that waits ends, and forget its file. Returns whether it waited."""
    transfer = Transfer.objects.select_for_update().filter(pk=transfer_id).first()
    if transfer is None or not transfer.is_waiting:
        return False
    files.forget_file(transfer)
    transfer.state, transfer.finished_at = state, timezone.now()
    transfer.error = storable(error)
    transfer.save()
    return True


@task()
def tell_of_export(transfer_id: int) -> None:
    """Mail that the file is ready, if it still is and the address is known to be theirs."""
    ready = Transfer.objects.select_related("owner").filter(state=Transfer.State.DONE)
    transfer = ready.filter(pk=transfer_id).first()
    if transfer is not None and transfer.owner.is_active and transfer.owner.may_be_mailed:
        mails.send_export_ready(transfer)


def forget_jobs(user: User) -> None:
    """Drop the jobs of a person whose account is being closed."""
    for pk in Transfer.objects.filter(owner=user).values_list("pk", flat=True):
        for job in (make_export, tell_of_export, run_import):
            for row in unfinished_jobs(job.module_path, pk):
                row.delete()
