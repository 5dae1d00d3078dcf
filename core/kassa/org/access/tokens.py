"""Signed tokens: JSON web tokens by Ed25519, of which this installation alone knows the keys.

Each process makes a private key when it first needs one and a new one every day. It stays in the memory of that process and is
written nowhere; the public half, by which every process verifies, stands in `org_signing_key` under its id (`kid`). So a copy of
the database, or its backup, is of no use to who wants to make tokens, and there is no secret to hand out or to renew.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import attrs
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from kassa.kernel.clock import MICROSECONDS_PER_SECOND
from kassa.kernel.database import Reader
from kassa.kernel.keys import id_or_none
from kassa.kernel.reference import RoomCaches
from kassa.kernel.values import new_id

ALGORITHM = "Ed25519"
TYPE = "at+jwt"
ISSUER = "kassa"
AUDIENCE = "kassa"
PORT = "org.signing_keys"
SIGNS_FOR = 86_400 * MICROSECONDS_PER_SECOND
TOKENS_LAST_AT_MOST = 3600 * MICROSECONDS_PER_SECOND
LEEWAY = 60
"""Seconds by which the clocks of two processes may differ; it lets no token live longer."""
TOKENS_REMEMBERED = 8192
TOKEN_AT_MOST = 4096
CLAIMS = ("iss", "aud", "sub", "sid", "jti", "iat", "exp")
_KEY = "SELECT public FROM org_signing_key WHERE kid = ? AND revoked_at IS NULL AND valid_until > ?"


@attrs.frozen
class SigningKey:
    """A private key that signs for a day; `public` is its other half as JSON web key."""

    kid: str
    public: str
    created_at: int
    private: OKPKey = attrs.field(repr=False)

    @property
    def signs_until(self) -> int:
        """When the next key takes over."""
        return self.created_at + SIGNS_FOR

    @property
    def valid_until(self) -> int:
        """Until when tokens that it signed can be good."""
        return self.signs_until + TOKENS_LAST_AT_MOST


class MemoryKeys:
    """Keeps the private key of this process in its memory alone."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._current: SigningKey | None = None

    def current(self, now: int) -> SigningKey:
        """The key that signs at an instant; a new one where there is none yet, or its day is over."""
        with self._guard:
            key = self._current
            if key is None or not key.created_at <= now < key.signs_until:
                key = self._current = _new_key(now)
            return key

    def forget(self, kid: str) -> None:
        """Sign no more with a key that was revoked."""
        with self._guard:
            if self._current is not None and self._current.kid == kid:
                self._current = None


def _new_key(now: int) -> SigningKey:
    kid = new_id()
    private = OKPKey.generate_key("Ed25519", parameters={"kid": kid})
    return SigningKey(kid=kid, public=json.dumps(private.as_dict(private=False)), created_at=now, private=private)


def sign(key: SigningKey, *, worker_id: str, session_id: str, issued_at: int, expires_at: int) -> str:
    """Make the token of a session; instants in microseconds, which the token has in whole seconds.

    It says who and which session, nothing of what may be done: that is looked up at every request.
    """
    claims = {
        "iss": ISSUER, "aud": AUDIENCE, "sub": worker_id, "sid": session_id, "jti": new_id(),
        "iat": issued_at // MICROSECONDS_PER_SECOND, "exp": expires_at // MICROSECONDS_PER_SECOND,
    }  # fmt: skip
    header = {"alg": ALGORITHM, "kid": key.kid, "typ": TYPE}
    return jwt.encode(header, claims, key.private, algorithms=[ALGORITHM])


def verified_claims(read: Reader, caches: RoomCaches, token: str, now: int) -> Mapping[str, Any] | None:
    """The claims of a token that this installation signed and that is good now; None for any other."""
    kid = _kid(token)
    if kid is None:
        return None
    public = caches.get_many(
        read,
        "org",
        "signing_key",
        [kid],
        lambda read, kids: {one: row[0] for one in kids if (row := read.row(_KEY, (one, now))) is not None},
    ).get(kid)
    claims = _signed_claims(token, public) if public is not None else None
    return claims if claims is not None and _good(claims, now // MICROSECONDS_PER_SECOND) else None


def _kid(token: str) -> str | None:
    """The key id of a token of ours, read before anything of it is believed; None for what cannot be one."""
    if len(token) > TOKEN_AT_MOST or token.count(".") != 2:
        return None
    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError):
        return None
    kid = header.get("kid")
    fits = header.get("alg") == ALGORITHM and header.get("typ") == TYPE and set(header) == {"alg", "kid", "typ"}
    return kid if fits and isinstance(kid, str) and id_or_none(kid) == kid else None


@lru_cache(TOKENS_REMEMBERED)
def _signed_claims(token: str, public: str) -> Mapping[str, Any] | None:
    """The claims of a token whose signature is right. That depends on nothing else, so it is looked at once, not at every request."""
    try:
        claims = jwt.decode(token, OKPKey.import_key(json.loads(public)), algorithms=[ALGORITHM]).claims
    except (JoseError, ValueError):
        return None
    texts = all(isinstance(claims.get(name), str) for name in CLAIMS[:5])
    return claims if texts and all(type(claims.get(name)) is int for name in CLAIMS[5:]) else None


def _good(claims: Mapping[str, Any], now: int) -> bool:
    named = claims["iss"] == ISSUER and claims["aud"] == AUDIENCE and claims["jti"] != ""
    return bool(named and claims["iat"] - LEEWAY <= now < claims["exp"])
