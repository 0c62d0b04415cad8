"""What is swept regularly: what has ended, and is no longer needed."""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q
from django_tasks_db.models import DBTaskResult

from accounts import backups
from accounts.background import sweep
from accounts.models import ApiSession, AuthEvent, DeviceRequest


@sweep(every=timedelta(days=1))
def erase_old_auth_events(at: datetime) -> None:
    AuthEvent.objects.filter(at__lt=at - timedelta(days=settings.AUTH_EVENT_DAYS)).delete()


@sweep(every=timedelta(days=1))
def erase_ended_sessions(at: datetime) -> None:
    """Erase sessions once they no longer tell whether a device is new."""
    Session.objects.filter(expire_date__lt=at).delete()
    long_ago = at - timedelta(days=settings.ENDED_SESSION_DAYS)
    ApiSession.objects.filter(Q(expires_at__lt=long_ago) | Q(revoked_at__lt=long_ago)).delete()
    signed_in = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(signed_in), last_seen_at__lt=long_ago).delete()


@sweep(every=timedelta(hours=1))
def erase_device_requests(at: datetime) -> None:
    """Erase requests an hour after they expired; until then their devices are told so."""
    DeviceRequest.objects.filter(expires_at__lt=at - timedelta(hours=1)).delete()


@sweep(every=timedelta(days=1))
def erase_finished_jobs(at: datetime) -> None:
    long_ago = at - timedelta(days=settings.FINISHED_JOB_DAYS)
    DBTaskResult.objects.finished().filter(finished_at__lt=long_ago).delete()


@sweep(every=timedelta(days=1))
def back_up(at: datetime) -> None:
    """Back an SQLite file up; who runs a PostgreSQL server backs it up as a whole."""
    if settings.IS_SQLITE:
        backups.back_up(at=at)
