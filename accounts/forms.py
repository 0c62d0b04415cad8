"""What people fill in about their account."""

from __future__ import annotations

import struct
from typing import Any

from allauth.account.forms import AddEmailForm, ResetPasswordForm, SignupForm
from allauth.account.internal.flows.email_verification import (
    send_verification_email_to_address,
)
from allauth.account.internal.templatekit import get_entrance_context_data
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import appearance, factors, limits, operations
from accounts.actor import Caller
from accounts.callers import caller_of
from accounts.fields import LineField
from accounts.formats import examples
from accounts.models import User
from accounts.passwords import is_own_password
from accounts.validators import time_zones
from accounts.widgets import LongSelect
from accounts.zones import ZoneChoices


class SignUpForm(SignupForm):
    """Address and password; a script adds the time zone of the device, else one is asked for."""

    time_zone = forms.CharField(
        label=_("Time zone"), required=False, widget=LongSelect(choices=ZoneChoices())
    )

    def clean_time_zone(self) -> str:
        """The zone of the device, or UTC when it tells none that we know."""
        zone: str = self.cleaned_data["time_zone"]
        return zone if zone in time_zones() else "UTC"

    def validate_unique_email(self, value: str) -> str:
        if User.objects.filter(email=value).exists():
            raise ValidationError(operations.address_is_taken())
        return value

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Sign up; the page again where somebody else was faster with the same address."""
        try:
            return self.sign_up_with_operation(request), None
        except ValidationError as problem:
            for field, errors in problem.message_dict.items():
                self.add_error("password1" if field == "password" else field, errors)
            context = {"form": self, **get_entrance_context_data(request)}
            return None, render(request, "account/signup.html", context)

    def sign_up_with_operation(self, request: HttpRequest) -> User:
        return operations.sign_up(
            email=self.cleaned_data["email"],
            password=self.cleaned_data["password1"],
            time_zone=self.cleaned_data["time_zone"],
            caller=caller_of(request),
        )


class ResetForm(ResetPasswordForm):
    """The address whose password was forgotten; known or not, it is answered alike."""

    def clean_email(self) -> str:
        at, caller = timezone.now(), caller_of(context.request)
        limits.RESETS_OF_NETWORK.use(limits.network_of(caller.ip), at=at)
        limits.RESETS.use(self.cleaned_data["email"].lower(), at=at)
        return str(super().clean_email())


class NewEmailForm(AddEmailForm):
    """The address that will replace the present one once it is confirmed."""

    def clean_email(self) -> str:
        email: str = super().clean_email()
        if User.objects.filter(email=email).exists():
            raise ValidationError(operations.address_is_taken())
        return email

    def save(self, request: HttpRequest) -> EmailAddress:
        """Keep the present address, confirmed or not, until the new one is."""
        with transaction.atomic():
            EmailAddress.objects.filter(user=self.user, primary=False).delete()
            address = EmailAddress.objects.create(user=self.user, email=self.cleaned_data["email"])
        send_verification_email_to_address(request, address)
        return address


class ProfileForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ["display_name"]
        help_texts = {"display_name": _("So that mails greet you by it. Nobody else sees it.")}
        widgets = {"display_name": forms.TextInput(attrs={"autocomplete": "name"})}


class DatesForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ["time_zone", "locale", "date_order", "week_start"]
        widgets = {"locale": forms.RadioSelect}

    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        widget=LongSelect,
        choices=ZoneChoices(),
        help_text=_("It decides when a day begins and which tasks are due today."),
    )
    date_order = forms.ChoiceField(
        label=_("Dates"),
        widget=forms.RadioSelect,
        choices=lambda: examples(timezone.localdate()),
        help_text=_("It also decides how 3/4 is read when you add a task."),
    )


class AppearanceForm(forms.Form):
    """How the pages look on this device."""

    theme = forms.ChoiceField(
        label=_("Theme"), choices=appearance.CHOICES["theme"], widget=forms.RadioSelect
    )
    density = forms.ChoiceField(
        label=_("Rows of tasks"),
        choices=appearance.CHOICES["density"],
        widget=forms.RadioSelect,
        help_text=_("On touch screens rows stay tall enough for a finger."),
    )


class KeysForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ["single_keys"]
        labels = {"single_keys": _("Shortcuts of a single key")}
        help_texts = {
            "single_keys": _(
                "Such as q to add a task, j and k to move. Switch them off where you speak to "
                "your device, or press keys by chance. Ctrl+K works either way."
            )
        }


class NotificationsForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ["reminder_mails", "new_device_mails"]
        labels = {
            "reminder_mails": _("Reminders of tasks"),
            "new_device_mails": _("A new device signed in"),
        }
        help_texts = {
            "reminder_mails": _("At the moments that you set on a task."),
            "new_device_mails": _("From a browser or program that was not seen in a while."),
        }


class SessionNameForm(forms.Form):
    label = LineField(_("name"), max_length=80, blank=True).formfield()


class UserCodeForm(forms.Form):
    """What a device shows that wants to be let in."""

    user_code = forms.CharField(
        label=_("The code that the device shows"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class CloseAccountForm(forms.Form):
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, caller: Caller, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.caller = caller

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not is_own_password(self.user, password, caller=self.caller, at=timezone.now()):
            raise ValidationError(_("That is not your password."))
        return password


class TakesCode:
    """Form behaviour: the code ends where those of the API do, so each is taken once."""

    user: User
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        user, code = self.user, self.cleaned_data["code"]
        try:
            self.authenticator = factors.use_code(
                user,
                factors.factors_of(user),
                code,
                caller=caller_of(context.request),
                at=timezone.now(),
            )
        except factors.WrongCode:
            raise get_adapter().validation_error("incorrect_code") from None
        return code


class CodeForm(TakesCode, AuthenticateForm):
    """A code, while signing in."""


class CodeAgainForm(TakesCode, ReauthenticateForm):
    """A code, before something important changes."""


# What the parsers of fido2 raise, which say nothing of it, for bytes that are none of theirs.
NOT_A_PASSKEY = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    struct.error,
    NotImplementedError,
)


class ReadsPasskey:
    """Form behaviour: what is no answer of a passkey is a wrong one, not a fault of ours."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except NOT_A_PASSKEY:
            raise get_adapter().validation_error("incorrect_code") from None


class PasskeyForm(ReadsPasskey, AuthenticateWebAuthnForm):
    """A passkey, while signing in."""


class PasskeyAgainForm(ReadsPasskey, ReauthenticateWebAuthnForm):
    """A passkey, before something important changes."""


class PasskeyAloneForm(ReadsPasskey, LoginWebAuthnForm):
    """A passkey, in the place of address and password."""


class NewPasskeyForm(AddWebAuthnForm):
    """A passkey, with the name that its person knows it by."""

    name = LineField(_("name"), max_length=80, blank=True).formfield()
    passwordless = forms.BooleanField(
        label=_("Log in with it alone"),
        required=False,
        initial=True,
        help_text=_("Without e-mail address and password: your device asks who you are."),
    )

    def clean(self) -> dict[str, Any]:
        try:
            return dict(super().clean())
        except NOT_A_PASSKEY:
            raise get_adapter().validation_error("incorrect_code") from None
