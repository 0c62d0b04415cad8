"""People, their signed-in devices, and what happened to both."""

from __future__ import annotations

import hashlib
import uuid
import zoneinfo
from datetime import datetime
from typing import Any, ClassVar, Self

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models, transaction
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from accounts.fields import CaselessEmailField, LineField
from accounts.signals import password_hashed_again
from accounts.validators import validate_time_zone


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account; the e-mail address is the name they sign in with."""

    class Locale(models.TextChoices):
        BRITISH = "en-GB", _("24 hours, as 17:00")
        AMERICAN = "en-US", _("12 hours, as 5:00 pm")

    class DateOrder(models.TextChoices):
        DAY_FIRST = "dmy", _("day, month, year")
        MONTH_FIRST = "mdy", _("month, day, year")
        YEAR_FIRST = "ymd", _("year, month, day")

    email = CaselessEmailField(
        _("e-mail address"),
        unique=True,
        error_messages={"unique": _("Someone already uses this e-mail address.")},
    )
    display_name = LineField(_("name"), max_length=80, blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    locale = models.CharField(_("clock"), max_length=8, choices=Locale, default=Locale.BRITISH)
    date_order = models.CharField(
        _("dates"), max_length=3, choices=DateOrder, default=DateOrder.DAY_FIRST
    )
    # As ISO 8601 counts: 1 is Monday.
    week_start = models.PositiveSmallIntegerField(
        _("first day of the week"),
        choices=[(number + 1, name) for number, name in WEEKDAYS.items()],
        default=1,
    )
    single_keys = models.BooleanField(_("shortcuts of a single key"), default=True, db_default=True)
    reminder_mails = models.BooleanField(_("reminders by mail"), default=True, db_default=True)
    new_device_mails = models.BooleanField(
        _("a mail when a new device signs in"), default=True, db_default=True
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Unset this instead of deleting an account.")
    )
    is_staff = models.BooleanField(_("may use the admin"), default=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return str(self.display_name or self.email)

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row together with all that its receivers add (a new person's inbox)."""
        super().save(*args, **kwargs)

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password, which is hashed anew when the setting has grown stronger.

        It stays the same password then, so no session ends.
        """
        return check_password(raw_password, self.password, self.hash_again)

    def hash_again(self, raw_password: str) -> None:
        before = {
            "fingerprint": self.password_fingerprint,
            "session_hash": self.get_session_auth_hash(),
        }
        known, stronger = self.password, make_password(raw_password)
        with transaction.atomic():
            # Nothing is brought back if the password was changed while this one was hashed.
            if User.objects.filter(pk=self.pk, password=known).update(password=stronger):
                self.password = stronger
                password_hashed_again.send(sender=User, user=self, **before)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def has_confirmed_email(self) -> bool:
        addresses = EmailAddress.objects.filter(user=self, email=self.email)
        return bool(addresses.filter(verified=True).exists())

    @property
    def may_be_mailed(self) -> bool:
        """Whether the address is known to be theirs, or no mail leaves this server."""
        return bool(settings.MAIL_STAYS_HERE) or self.has_confirmed_email

    @property
    def password_fingerprint(self) -> str:
        """What an API session remembers of the password hash, to end when it changes."""
        return hashlib.sha256(self.password.encode()).hexdigest()


def display_name(user: User) -> str:
    return str(user)


class ApiSessionQuerySet(models.QuerySet["ApiSession"]):
    def live(self, *, at: datetime) -> Self:
        """Sessions that can still be refreshed, as far as the row alone tells."""
        return self.filter(revoked_at=None, expires_at__gt=at)


class ApiSession(models.Model):
    """One sign-in of a program on one device. It stores no token."""

    class Client(models.TextChoices):
        BROWSER = "browser", _("Browser")
        TOKEN = "token", _("Program")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        User, models.CASCADE, related_name="api_sessions", db_index=False, verbose_name=_("user")
    )
    generation = models.PositiveBigIntegerField(default=0)
    confirmed_generation = models.PositiveBigIntegerField(default=0)
    # How many generations in a row were retried from elsewhere, and the last that was.
    odd_retries = models.PositiveSmallIntegerField(default=0)
    odd_generation = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    rotated_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=32, blank=True)
    password_fingerprint = models.CharField(max_length=64)
    client = models.CharField(max_length=8, choices=Client)
    remember = models.BooleanField(default=True)
    label = LineField(_("name"), max_length=80, blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)
    user_agent = LineField(max_length=200, blank=True)
    authenticated_at = models.DateTimeField(default=timezone.now)
    methods = models.JSONField(default=list)

    objects: ClassVar[models.Manager[ApiSession]] = ApiSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("API session")
        verbose_name_plural = _("API sessions")
        # None of these columns changes when a token is refreshed, so PostgreSQL touches no index.
        indexes = [
            models.Index(fields=["user", "revoked_at"], name="api_session_of_user"),
            models.Index(fields=["expires_at"], name="api_session_expiry"),
            models.Index(
                fields=["revoked_at"],
                condition=models.Q(revoked_at__isnull=False),
                name="api_session_end",
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.user_agent or str(self.id)


class PageSession(models.Model):
    """One sign-in on the pages: the identity that we show, beside allauth's row with the key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user_session = models.OneToOneField(
        UserSession, models.CASCADE, related_name="page_session", editable=False
    )
    label = LineField(_("name"), max_length=80, blank=True)

    def __str__(self) -> str:
        return self.label or str(self.id)


class AuthEvent(models.Model):
    """Something that happened to an account's security.

    Never holds a password, nor an address that no account has.
    """

    class Kind(models.TextChoices):
        SIGNED_UP = "signed_up", _("Account created")
        SIGNED_IN = "signed_in", _("Signed in")
        SIGN_IN_REFUSED = "sign_in_refused", _("Sign-in refused")
        SIGNED_OUT = "signed_out", _("Signed out")
        SESSION_ENDED = "session_ended", _("Device signed out")
        REUSE = "reuse", _("An old token was used again")
        PASSWORD_CHANGED = "password_changed", _("Password changed")
        PASSWORD_RESET = "password_reset", _("Password reset by mail")
        EMAIL_CHANGED = "email_changed", _("E-mail address changed")
        FACTOR_ADDED = "factor_added", _("Second factor added")
        FACTOR_REMOVED = "factor_removed", _("Second factor removed")
        CODES_RENEWED = "codes_renewed", _("New recovery codes made")
        DEVICE_MAILS_OFF = "device_mails_off", _("Mails about new devices switched off")

    user = models.ForeignKey(
        User, models.CASCADE, related_name="auth_events", db_index=False, verbose_name=_("user")
    )
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=32, choices=Kind)
    session = models.UUIDField(null=True, blank=True)
    client = models.CharField(max_length=8, blank=True)
    count = models.PositiveIntegerField(default=1)
    ip = models.GenericIPAddressField(null=True, blank=True)
    user_agent = LineField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("security event")
        verbose_name_plural = _("security events")
        indexes = [
            models.Index(fields=["user", "-at"], name="auth_event_of_user"),
            models.Index(fields=["at"], name="auth_event_age"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class DeviceRequest(models.Model):
    """A device that waits to be let in by a code. Neither of its codes is kept as it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    device_code_hash = models.CharField(max_length=64, unique=True)
    user_code_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    remember = models.BooleanField(default=True)
    label = LineField(_("name"), max_length=80, blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)
    user_agent = LineField(max_length=200, blank=True)
    interval = models.PositiveIntegerField(default=5)
    polled_at = models.DateTimeField(null=True, blank=True)
    user = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("user")
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    is_approved = models.BooleanField(default=False)
    password_fingerprint = models.CharField(max_length=64, blank=True)
    methods = models.JSONField(default=list)
    redeemed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("device that asks to be let in")
        verbose_name_plural = _("devices that ask to be let in")

    def __str__(self) -> str:
        return self.label or self.user_agent or str(self.id)
