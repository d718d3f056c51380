"""An authenticator app (RFC 6238): binding a phone to a person, and judging its six digits.

One step of drift either way is allowed. The step of an accepted code is remembered in the UPDATE that
accepts it, so no code is taken twice, not even by two requests at once. The clock is the database's.
"""

import base64
import hmac
import re
import secrets

import pyotp
from django.db.models.functions import Now

from accounts.models import Authenticator, User
from accounts.services import sealing

ISSUER = "Cổng hồ sơ BHXH"
STEP = 30  # seconds
DRIFT = 1  # steps
DIGITS = 6
_SEED_BYTES = 20
_FILLERS = re.compile(r"[\s.‐‑‒–—−-]+")
_TYPED = re.compile(rf"[0-9]{{{DIGITS}}}")


def is_enrolled(user: User) -> bool:
    """Whether the person has an app that has shown it works."""
    return Authenticator.objects.filter(user=user, confirmed_at__isnull=False).exists()


def begin(user: User, seed: str = "") -> str:
    """The seed (base32) to put into the app: a new one, or that of an unfinished beginning.

    Of a finished one it is never shown again: raises RuntimeError.
    """
    Authenticator.objects.get_or_create(
        user=user, defaults={"sealed_seed": _sealed(user, seed or _new_seed())}
    )
    kept = Authenticator.objects.get(user=user)
    if kept.confirmed_at is not None:
        raise RuntimeError("The seed of a working app is not shown.")
    return _seed(kept)


def address_of(user: User, seed: str) -> str:
    """otpauth://… for the QR code."""
    return pyotp.TOTP(seed).provisioning_uri(name=user.login, issuer_name=ISSUER)


def confirm(user: User, typed: str) -> bool:
    """Finish the beginning with a first right code."""
    if not accept(user, typed, is_confirmed=False):
        return False
    Authenticator.objects.filter(user=user, confirmed_at__isnull=True).update(confirmed_at=Now())
    return True


def accept(user: User, typed: str, *, is_confirmed: bool = True) -> bool:
    """Whether these six digits are right now and weren't used before. Accepting uses them up."""
    row = (
        Authenticator.objects.filter(user=user, confirmed_at__isnull=not is_confirmed)
        .annotate(now=Now())
        .first()
    )
    if row is None:
        return False
    step = _step_of(_seed(row), _FILLERS.sub("", typed), int(row.now.timestamp()) // STEP)
    # Wrong digits cost the same UPDATE as those used before: of no row.
    used = -1 if step is None else step
    unused = Authenticator.objects.filter(pk=row.pk, sealed_seed=row.sealed_seed, last_step__lt=used)
    return bool(unused.update(last_step=used))


def remove(user: User) -> bool:
    """Forget the person's app. False: there was none."""
    count, _ = Authenticator.objects.filter(user=user).delete()
    return bool(count)


def _step_of(seed: str, digits: str, now: int) -> int | None:
    """The step whose code this is. All steps are computed, whatever was typed."""
    app = pyotp.HOTP(seed, digits=DIGITS)
    typed = digits if _TYPED.fullmatch(digits) else "-" * DIGITS
    found = None
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(app.at(step), typed):
            found = step
    return found


def _new_seed() -> str:
    return base64.b32encode(secrets.token_bytes(_SEED_BYTES)).decode()


def _seed(row: Authenticator) -> str:
    return sealing.unseal(bytes(row.sealed_seed), f"totp:{row.user_id}").decode()


def _sealed(user: User, seed: str) -> bytes:
    return sealing.seal(seed.encode(), f"totp:{user.pk}")
