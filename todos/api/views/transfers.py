"""The API of the whole account as a file."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.forms import MultiPartParser
from todos.api.base import TodosView
from todos.api.serializers.transfers import ImportSerializer, TransferSerializer
from todos.models import Transfer
from todos.transfers import answers, jobs

NOTHING_YET = OpenApiResponse(description="Nothing was asked for yet.")


def shown(transfer: Transfer | None, status: int = 200) -> Response:
    if transfer is None:
        raise NotFound(_("Nothing was asked for yet."))
    return Response(TransferSerializer(transfer).data, status=status)


class ExportView(TodosView):
    """The file with the whole account."""

    @extend_schema(operation_id="export", responses={200: TransferSerializer, 404: NOTHING_YET})
    def get(self, request: Request) -> Response:
        """Whether it is there."""
        return shown(Transfer.objects.exports_of(request.user).first())

    @extend_schema(operation_id="export_make", request=None, responses={202: TransferSerializer})
    def post(self, request: Request) -> Response:
        """Have it made anew, in the background."""
        transfer, _begins = jobs.ask_for_export(request.user, at=timezone.now())
        return shown(transfer, 202)


class ExportFileView(TodosView):
    """The file itself, once it is there."""

    @extend_schema(
        operation_id="export_file",
        responses={
            (200, "application/zip"): OpenApiTypes.BINARY,
            404: OpenApiResponse(description="There is no such file."),
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        """The file, a zip as docs/export.md describes it."""
        done = Transfer.objects.exports_of(request.user).filter(state=Transfer.State.DONE)
        transfer = done.first()
        if transfer is None:
            raise NotFound(_("There is no such file."))
        return answers.file_answer(transfer)


class ImportView(TodosView):
    """The file of another account, to become what this one holds."""

    # Nothing else reads so much without keeping it in memory.
    parser_classes = [MultiPartParser]

    @extend_schema(operation_id="import", responses={200: TransferSerializer, 404: NOTHING_YET})
    def get(self, request: Request) -> Response:
        """What became of the last one."""
        return shown(Transfer.objects.imports_of(request.user).first())

    @extend_schema(
        operation_id="import_file",
        request={"multipart/form-data": ImportSerializer},
        responses={202: TransferSerializer},
    )
    def post(self, request: Request) -> Response:
        """Have it imported, in the background; the account has to be empty."""
        serializer = ImportSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        file = serializer.validated_data["file"]
        return shown(jobs.ask_for_import(request.user, file, at=timezone.now()), 202)
