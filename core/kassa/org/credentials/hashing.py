"""PINs and passwords: what may be chosen, and their hashes (argon2id), which take a tenth of a second and 64 MiB on purpose."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher()
AT_ONCE = 2
"""How many hashes a process works on at the same time; more wait, so that tries cannot take all memory."""
_TURNS = threading.BoundedSemaphore(AT_ONCE)
_NOBODY: dict[PasswordHasher, str] = {}
DIFFERENT_AT_LEAST = 5
"""How many different characters a password has at least."""


def hashed(secret: str) -> str:
    """The hash to keep of a PIN or password."""
    with _TURNS:
        return HASHER.hash(_bytes(secret))


def matches(kept: str | None, secret: str) -> bool:
    """Whether a hash is that of a PIN or password; without a hash as much is worked out, so nobody can tell by the time it takes."""
    with _TURNS:
        try:
            return HASHER.verify(kept if kept is not None else _nobody(), _bytes(secret)) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def _nobody() -> str:
    if HASHER not in _NOBODY:
        _NOBODY[HASHER] = HASHER.hash(b"nobody")
    return _NOBODY[HASHER]


def _bytes(secret: str) -> bytes:
    return unicodedata.normalize("NFC", secret).encode("utf-8", "surrogatepass")


def unfit(kind: str, secret: str, least: int, known: Iterable[str]) -> str | None:
    """Why a PIN or password may not be chosen, None where it may; `known` is what everybody knows of the worker."""
    return _unfit_pin(secret, least, known) if kind == "pin" else _unfit_password(secret, least, known)


def _unfit_pin(pin: str, least: int, known: Iterable[str]) -> str | None:
    if not (pin.isascii() and pin.isdigit() and least <= len(pin) <= 12):
        return f"A PIN has {least} to 12 digits."
    steps = {int(second) - int(first) for first, second in pairwise(pin)}
    repeats = any(pin == (pin[:size] * len(pin))[: len(pin)] for size in (1, 2, len(pin) // 2))
    if steps <= {1} or steps <= {-1} or repeats:
        return "This PIN is one of the first that somebody would try. Choose digits without a pattern."
    if any(pin in word or word in pin for word in known if len(word) >= least):
        return "A PIN must not be the worker's number."
    return None


def _unfit_password(password: str, least: int, known: Iterable[str]) -> str | None:
    if not least <= len(password) <= 200:
        return f"A password has {least} to 200 characters; several words with blanks between them are good."
    if len(set(password.casefold())) < DIFFERENT_AT_LEAST:
        return "This password repeats few characters. Choose one that is harder to guess."
    if any(word.casefold() in password.casefold() for word in known if len(word) > 3):
        return "A password must not contain the worker's number or name."
    return None
