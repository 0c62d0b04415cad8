"""The second factor: whether an account has one, and its codes, each good for once.

Pages and API end here, so a code that one of them took is refused by the other.
"""

from __future__ import annotations

from datetime import datetime

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt

from accounts import limits
from accounts.actor import Caller
from accounts.models import User
from accounts.passwords import note_wrong_password

Type = Authenticator.Type
LONGEST_CODE = 20
# A clock may be so many steps fast or slow (RFC 6238 section 5.2 recommends one).
STEPS_OFF = 1


class WrongCode(Exception):
    """The code is wrong, or was used before."""


def factors_of(user: User) -> list[Authenticator]:
    """The second factors of `user`; none where only recovery codes are left. One query."""
    found = list(Authenticator.objects.filter(user=user).order_by("-type"))
    return found if any(factor.type != Type.RECOVERY_CODES for factor in found) else []


def use_code(
    user: User, factors: list[Authenticator], code: str, *, caller: Caller, at: datetime
) -> Authenticator:
    """Take a code of `user`, and return the factor that it belongs to.

    Raises WrongCode, which is written down, and LimitReached after too many of them.
    """
    with limits.tries((limits.WRONG_CODES, (user.pk,)), at=at) as attempt:
        used = next((factor for factor in factors if takes(factor, code, at=at)), None)
        attempt.failed = used is None
    if used is None:
        note_wrong_password(user, caller=caller, at=at)
        raise WrongCode
    return used


def takes(factor: Authenticator, code: str, *, at: datetime) -> bool:
    if len(code) > LONGEST_CODE:
        return False
    if factor.type == Type.TOTP:
        return takes_totp(factor, code, at=at)
    return bool(factor.type == Type.RECOVERY_CODES and factor.wrap().validate_code(code))


def takes_totp(factor: Authenticator, code: str, *, at: datetime) -> bool:
    """Compare and swap: whether `code` is right, later than the last one, and nobody was faster."""
    step = step_of(decrypt(factor.data["secret"]), code, at=at)
    if step is None or step <= factor.data.get("last_step", 0):
        return False
    unchanged = Authenticator.objects.filter(pk=factor.pk, last_used_at=factor.last_used_at)
    return bool(unchanged.update(data={**factor.data, "last_step": step}, last_used_at=at))


def step_of(secret: str, code: str, *, at: datetime) -> int | None:
    """The time step that `code` was made in, or None where it is of none near `at`."""
    now = step_at(at)
    for step in range(now - STEPS_OFF, now + STEPS_OFF + 1):
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            return step
    return None


def step_at(at: datetime) -> int:
    return int(at.timestamp()) // app_settings.TOTP_PERIOD


def note_code_of_activation(factor: Authenticator, *, at: datetime) -> None:
    """Let the code that proved a new authenticator app be its first, and good for nothing else."""
    factor.data["last_step"] = step_at(at)
    factor.save(update_fields=["data"])
