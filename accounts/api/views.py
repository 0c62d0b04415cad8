"""A person's account and signed-in devices over the API."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

from django.db import models
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from accounts import operations, sessions
from accounts.api.base import StrictView
from accounts.api.cursors import Column
from accounts.api.pagination import PARAMETERS
from accounts.api.requests import actor
from accounts.api.serializers import (
    NewPasswordSerializer,
    NewUserSerializer,
    PasswordSerializer,
    SessionSerializer,
    UserSerializer,
)
from accounts.callers import caller_of
from accounts.models import ApiSession, PageSession
from accounts.passwords import is_own_password

DONE = OpenApiResponse(description="Done.")


class Users(APIView):
    authentication_classes = []
    permission_classes = []

    @extend_schema(
        operation_id="sign_up",
        tags=["account"],
        request=NewUserSerializer,
        responses={201: NewUserSerializer},
    )
    def post(self, request: Request) -> Response:
        """Create an account."""
        context = {"caller": caller_of(request._request)}
        serializer = NewUserSerializer(data=request.data, context=context)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data, status=201)


class CurrentUser(StrictView):
    @extend_schema(tags=["account"], responses=UserSerializer)
    def get(self, request: Request) -> Response:
        """Who is signed in."""
        return Response(UserSerializer(request.user).data)


class Me(CurrentUser):
    deletion_has_body = True

    @extend_schema(
        operation_id="change_me",
        tags=["account"],
        request=UserSerializer,
        responses=UserSerializer,
    )
    def patch(self, request: Request) -> Response:
        """Change the name, the time zone, how dates are read, or what is mailed."""
        context = {"caller": caller_of(request._request)}
        serializer = UserSerializer(request.user, request.data, partial=True, context=context)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data)

    @extend_schema(
        operation_id="close_account",
        tags=["account"],
        request=PasswordSerializer,
        responses={204: DONE},
    )
    def delete(self, request: Request) -> Response:
        """Close the account and erase everything in it."""
        serializer = PasswordSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        check_password(request, serializer, "password")
        operations.close_account(request.user)
        return Response(status=204)


class Password(StrictView):
    @extend_schema(
        operation_id="change_password",
        tags=["account"],
        request=NewPasswordSerializer,
        responses={204: DONE},
    )
    def post(self, request: Request) -> Response:
        """Change the password and end every other session."""
        serializer = NewPasswordSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        check_password(request, serializer, "current")
        operations.change_password(
            request.user,
            new=serializer.validated_data["new"],
            keep=actor(request).session,
            caller=caller_of(request._request),
        )
        return Response(status=204)


def check_password(request: Request, serializer: serializers.Serializer[Any], field: str) -> None:
    password, caller = serializer.validated_data[field], caller_of(request._request)
    if not is_own_password(request.user, password, caller=caller, at=timezone.now()):
        raise serializers.ValidationError({field: [_("That is not your password.")]})


@extend_schema(tags=["devices"])
class SessionViewSet(StrictView, GenericViewSet[Any]):
    """Every sign-in of a person, on the pages and over the API."""

    queryset = ApiSession.objects.none()
    serializer_class = SessionSerializer
    paginator: BasePagination
    cursor_columns = [
        Column("last_used_at", descends=True, field=models.DateTimeField()),
        Column("id", descends=True, field=models.UUIDField()),
    ]

    def query_names(self) -> Collection[str]:
        return PARAMETERS if self.action == "list" else ()

    def list(self, request: Request) -> Response:
        """The devices that are signed in, last used first."""
        devices = sessions.devices_of(request.user, current=actor(request).session)
        page = self.paginate_queryset(devices)
        return self.get_paginated_response(SessionSerializer(page, many=True).data)

    def partial_update(self, request: Request, pk: uuid.UUID) -> Response:
        """Name a device."""
        row = self.find(request, pk)
        serializer = SessionSerializer(self.shown(request, row), data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        if "label" in serializer.validated_data:
            sessions.name_device(row, serializer.validated_data["label"])
        return Response(SessionSerializer(self.shown(request, row)).data)

    def destroy(self, request: Request, pk: uuid.UUID) -> Response:
        """Sign a device out."""
        sessions.end_device(self.find(request, pk), caller=caller_of(request._request))
        return Response(status=204)

    @extend_schema(operation_id="sessions_end_others", responses={204: DONE})
    def destroy_others(self, request: Request) -> Response:
        """Sign every other device out."""
        caller = caller_of(request._request)
        sessions.end_others(request.user, keep=actor(request).session, caller=caller)
        return Response(status=204)

    def find(self, request: Request, pk: uuid.UUID) -> ApiSession | PageSession:
        row = sessions.find_device_row(request.user, pk)
        if row is None:
            raise Http404
        return row

    def shown(self, request: Request, row: ApiSession | PageSession) -> sessions.Device:
        return sessions.device(row, current=actor(request).session)
