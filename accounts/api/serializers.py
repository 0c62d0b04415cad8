"""How people and sessions look over the API, and the strict serializers that both APIs share."""

import copy
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.fields import empty

from accounts import operations
from accounts.models import User
from accounts.validators import PASSWORD_MAX_LENGTH


def is_from_a_form(field: serializers.Field[Any, Any, Any, Any]) -> bool:
    """Whether what `field` reads came from a form, which can only send text."""
    return isinstance(getattr(field.root, "initial_data", None), QueryDict)


class BooleanField(serializers.BooleanField):
    """True or false; from JSON neither 1 nor "true". Absent from a form means absent."""

    default_empty_html = empty

    def to_internal_value(self, data: Any) -> bool:
        if not (isinstance(data, bool) or is_from_a_form(self)):
            self.fail("invalid", input=data)
        return super().to_internal_value(data)


class IntegerField(serializers.IntegerField):
    """A whole number; from JSON neither "1" nor true, from a form ASCII digits alone."""

    def to_internal_value(self, data: Any) -> int:
        if is_from_a_form(self):
            if not (isinstance(data, str) and data.removeprefix("-").isdigit() and data.isascii()):
                self.fail("invalid")
        elif isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class CharField(serializers.CharField):
    """Text; from JSON no number."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Strict:
    """Serializer behaviour: say no to what would otherwise be dropped in silence.

    An unknown field is an error that names it, and so is a read-only field with another value
    than it has. Errors of operations are told under the names that the API gives to fields.
    """

    default_error_messages = {
        "unknown": _("There is no such field."),
        "read_only": _("This field cannot be changed."),
    }

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            self.refuse_unknown(data)
            self.refuse_changes_to_read_only(data)
        return super().to_internal_value(data)

    def refuse_unknown(self, data: dict[str, Any]) -> None:
        unknown = [name for name in data if name not in self.fields]
        if unknown:
            message = self.error_messages["unknown"]
            raise serializers.ValidationError({name: [message] for name in unknown})

    def refuse_changes_to_read_only(self, data: dict[str, Any]) -> None:
        named = [name for name in data if self.fields[name].read_only]
        if not named:
            return
        current = self.to_representation(self.instance) if self.instance is not None else {}
        changed = [
            name for name in named if name not in current or differ(data[name], current[name])
        ]
        if changed:
            message = self.error_messages["read_only"]
            raise serializers.ValidationError({name: [message] for name in changed})

    def save(self, **kwargs: Any) -> Any:
        try:
            return super().save(**kwargs)
        except ValidationError as problem:
            if hasattr(problem, "error_dict"):
                fields = {**self._declared_fields, **self.fields}
                names = {field.source or name: name for name, field in fields.items()}
                problem.error_dict = {
                    names.get(source, source): errors
                    for source, errors in problem.error_dict.items()
                }
            raise


def differ(sent: Any, current: Any) -> bool:
    """Whether two values are not the same in JSON, where true is not 1."""
    options = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z
    return orjson.dumps(sent, default=str, option=options) != orjson.dumps(
        current, default=str, option=options
    )


class StrictSerializer(Strict, serializers.Serializer[Any]):
    pass


class ReadingSerializer(StrictSerializer):
    """Reads a body, and shows nothing by its fields.

    It has those alone that the body names or lacks: to make the others took longer than to read.
    """

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        sent = getattr(self, "initial_data", None)
        if not isinstance(sent, dict):
            return super().get_fields()
        return {
            name: copy.deepcopy(field)
            for name, field in self._declared_fields.items()
            if name in sent or field.required or field.default is not empty
        }


class StrictModelSerializer(Strict, serializers.ModelSerializer[Any]):
    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.BooleanField: BooleanField,
        models.CharField: CharField,
        models.TextField: CharField,
        models.IntegerField: IntegerField,
        models.SmallIntegerField: IntegerField,
        models.PositiveIntegerField: IntegerField,
        models.PositiveSmallIntegerField: IntegerField,
        models.BigIntegerField: IntegerField,
        models.PositiveBigIntegerField: IntegerField,
        models.AutoField: IntegerField,
        models.BigAutoField: IntegerField,
    }


class UserSerializer(StrictModelSerializer):
    week_start = IntegerField(
        min_value=1, max_value=7, required=False, help_text=_("1 is Monday, 7 is Sunday.")
    )

    class Meta:
        model = User
        fields = [
            "id",
            "email",
            "display_name",
            "time_zone",
            "locale",
            "date_order",
            "week_start",
            "single_keys",
            "reminder_mails",
            "new_device_mails",
            "created_at",
        ]
        read_only_fields = ["id", "email", "created_at"]

    def update(self, user: User, data: dict[str, Any]) -> User:
        return operations.change_profile(user, caller=self.context["caller"], **data)


class NewUserSerializer(StrictSerializer):
    id = serializers.IntegerField(read_only=True)
    email = CharField()
    password = CharField(trim_whitespace=False, write_only=True)
    display_name = CharField(default="", allow_blank=True, write_only=True)
    time_zone = CharField(default="UTC", write_only=True)
    created_at = serializers.DateTimeField(read_only=True)

    def create(self, data: dict[str, Any]) -> User:
        return operations.sign_up(**data, caller=self.context["caller"])


class PasswordSerializer(StrictSerializer):
    """The present password, asked again before something that cannot be undone."""

    password = CharField(trim_whitespace=False, max_length=PASSWORD_MAX_LENGTH)


class NewPasswordSerializer(StrictSerializer):
    current = CharField(trim_whitespace=False, max_length=PASSWORD_MAX_LENGTH)
    new = CharField(trim_whitespace=False)


class SessionSerializer(StrictSerializer):
    """A device that is signed in, on a page or as a program; only its name can be changed."""

    id = serializers.UUIDField(read_only=True)
    label = CharField(allow_blank=True)
    client = serializers.ChoiceField(["page", "browser", "token"], read_only=True)
    ip = serializers.IPAddressField(read_only=True, allow_null=True)
    user_agent = serializers.CharField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    last_used_at = serializers.DateTimeField(read_only=True)
    current = serializers.BooleanField(read_only=True)


class SignInSerializer(serializers.Serializer[Any]):
    """A sign-in with a password. Members that it does not know are ignored (RFC 6749, 3.2)."""

    username = CharField(help_text=_("The e-mail address."))
    password = CharField(trim_whitespace=False)
    grant_type = serializers.ChoiceField(["password"], required=False)
    remember = BooleanField(
        default=True, help_text=_("Without it the session ends after 12 hours.")
    )
    label = CharField(default="", allow_blank=True, max_length=80)
    otp = CharField(
        default="", allow_blank=True, help_text=_("A code, where the account needs one.")
    )


class SecondFactorSerializer(serializers.Serializer[Any]):
    """The rest of a sign-in whose password was right."""

    mfa_token = CharField()
    otp = CharField()


class TokenPairRequestSerializer(SignInSerializer):
    """A sign-in as clients of simplejwt send it."""

    username = CharField(required=False)
    email = CharField()

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "username": data["email"]}


class TokenAnswerSerializer(serializers.Serializer[Any]):
    access_token = serializers.CharField()
    token_type = serializers.ChoiceField(["bearer"])
    expires_in = serializers.IntegerField(help_text=_("Seconds."))
    refresh_token = serializers.CharField(required=False)


class RefreshRequestSerializer(serializers.Serializer[Any]):
    refresh_token = serializers.CharField(required=False)
    grant_type = serializers.ChoiceField(["refresh_token"], required=False)


class GrantSerializer(serializers.Serializer[Any]):
    """What is asked for a token; each grant has parameters of its own beside."""

    grant_type = CharField()


class RefreshGrantSerializer(serializers.Serializer[Any]):
    refresh_token = CharField()


class DeviceGrantSerializer(serializers.Serializer[Any]):
    device_code = CharField()


class DeviceRequestSerializer(serializers.Serializer[Any]):
    remember = BooleanField(default=True)
    label = CharField(default="", allow_blank=True, max_length=80)


class DeviceAnswerSerializer(serializers.Serializer[Any]):
    device_code = serializers.CharField()
    user_code = serializers.CharField(help_text=_("What its person enters."))
    verification_uri = serializers.URLField()
    verification_uri_complete = serializers.URLField()
    expires_in = serializers.IntegerField(help_text=_("Seconds."))
    interval = serializers.IntegerField(help_text=_("Seconds."))


class IntrospectionSerializer(serializers.Serializer[Any]):
    active = serializers.BooleanField()
    token_type = serializers.ChoiceField(["access", "refresh"], required=False)
    username = serializers.EmailField(required=False)
    iss = serializers.CharField(required=False)
    aud = serializers.CharField(required=False)
    sub = serializers.CharField(required=False)
    sid = serializers.UUIDField(required=False)
    jti = serializers.CharField(required=False)
    iat = serializers.IntegerField(required=False)
    exp = serializers.IntegerField(required=False)


class TokenPairSerializer(serializers.Serializer[Any]):
    access = serializers.CharField(read_only=True)
    refresh = serializers.CharField()


class TokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(write_only=True)


class TokenErrorSerializer(serializers.Serializer[Any]):
    error = serializers.CharField()
    error_description = serializers.CharField()
    detail = serializers.CharField()
    mfa_token = serializers.CharField(
        required=False, help_text=_("With `mfa_required`: send it with `otp` within 5 minutes.")
    )


class DetailSerializer(serializers.Serializer[Any]):
    detail = serializers.CharField()
