"""Model fields that hold what people type, cleaned the same way wherever it comes from."""

import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

# They turn the reading direction of what follows them, in a log or a mail too.
DIRECTION_CONTROLS = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c")


def clean_text(text: str, *, keep: str = "") -> str:
    """Normalise `text` to NFC and drop its control characters, except those in `keep`.

    Raises ValidationError for a null character and for half a surrogate pair, which no database
    and no JSON can hold.
    """
    if text.isascii() and text.isprintable():
        return text
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValidationError(_("This text has characters that cannot be kept."), code="characters")
    return unicodedata.normalize(
        "NFC",
        "".join(
            character
            for character in text
            if character in keep
            or not (unicodedata.category(character) == "Cc" or character in DIRECTION_CONTROLS)
        ),
    )


def has_something_to_see(text: str) -> bool:
    """Whether `text` is more than spaces and characters of no width."""
    return any(unicodedata.category(character)[0] not in "ZC" for character in text)


class LineField(models.CharField):  # type: ignore[type-arg]
    """One line of text. Line breaks become spaces; what shows nothing counts as empty."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        if isinstance(value, str):
            value = clean_text(" ".join(value.split()))
            return value if has_something_to_see(value) else ""
        return value


class NotesField(models.TextField):  # type: ignore[type-arg]
    """Text of several lines, its line breaks made plain."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        if isinstance(value, str):
            return clean_text(value.replace("\r\n", "\n").replace("\r", "\n"), keep="\n\t").rstrip()
        return value

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if self.max_length and len(value) > self.max_length:
            raise ValidationError(
                _("Keep this to %(limit)d characters or fewer; it has %(length)d."),
                code="max_length",
                params={"limit": self.max_length, "length": len(value)},
            )


class CaselessEmailField(models.EmailField):  # type: ignore[type-arg]
    """An e-mail address kept and looked up in lower case: unique means whatever its case."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return (
            unicodedata.normalize("NFC", value).strip().lower() if isinstance(value, str) else value
        )

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(self.to_python(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value
