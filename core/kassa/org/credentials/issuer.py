"""An external OpenID Connect issuer: its tokens say who a worker is, and may tell roles.

It is configured where the installation is run, by KASSA_ISSUER and so on, and not by settings: whoever may name the issuer can be
anybody. Its keys (JWKS) are fetched when they are needed, kept for ten minutes, and used on for a day where it does not answer.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit

import attrs
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from kassa.kernel.clock import MICROSECONDS_PER_SECOND
from kassa.kernel.errors import StartupError, Unavailable

PORT = "org.issuer"
ALGORITHMS = ("RS256", "PS256", "ES256", "Ed25519")
LEEWAY = 60
TIMEOUT = 5
ANSWER_AT_MOST = 1_000_000
FRESH = 600 * MICROSECONDS_PER_SECOND
STALE_AT_MOST = 86_400 * MICROSECONDS_PER_SECOND
ASKED_AGAIN_AFTER = 30 * MICROSECONDS_PER_SECOND
LOOPBACK = ("127.0.0.1", "::1", "localhost")
ROLES_AT_MOST = 50
Fetch = Callable[[str], Any]
logger = logging.getLogger("kassa.issuer")


@attrs.frozen(kw_only=True)
class IssuerConfig:
    """Whose tokens are believed: `iss` and `aud` must be these; `worker_claim` holds the worker's number.

    `roles` maps what stands in `roles_claim` to roles of Kassa; what it does not name gives nothing. `keys` is the address of the
    issuer's keys, else it is looked up at the issuer.
    """

    issuer: str
    audience: str
    worker_claim: str
    roles_claim: str | None = None
    roles: Mapping[str, str] = attrs.field(factory=dict)
    keys: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> IssuerConfig | None:
        """Read KASSA_ISSUER and so on; None where there is none, StartupError where something is missing or makes no sense."""
        given = os.environ if environment is None else environment
        issuer = given.get("KASSA_ISSUER", "").strip()
        if not issuer:
            return None
        audience, worker = given.get("KASSA_ISSUER_AUDIENCE", "").strip(), given.get("KASSA_ISSUER_WORKER", "").strip()
        if not audience or not worker:
            raise StartupError(
                "KASSA_ISSUER needs KASSA_ISSUER_AUDIENCE and KASSA_ISSUER_WORKER, the claim that holds the worker's number."
            )
        keys = given.get("KASSA_ISSUER_KEYS", "").strip() or None
        for name, address in (("KASSA_ISSUER", issuer), ("KASSA_ISSUER_KEYS", keys)):
            if address is not None:
                _check_address(name, address)
        return cls(
            issuer=issuer, audience=audience, worker_claim=worker, keys=keys, roles=_mapping(given.get("KASSA_ISSUER_ROLES", "")),
            roles_claim=given.get("KASSA_ISSUER_ROLES_CLAIM", "").strip() or None,
        )  # fmt: skip


def _check_address(name: str, address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise StartupError(f"{name} is {address!r}; expected an address that starts with https://.")


def _mapping(text: str) -> dict[str, str]:
    found = {}
    for part in filter(None, map(str.strip, text.split(","))):
        theirs, equals, ours = part.partition("=")
        if not (theirs and equals and ours):
            raise StartupError(f"KASSA_ISSUER_ROLES holds {part!r}; expected theirs=ours, several separated by commas.")
        found[theirs] = ours
    return found


@attrs.frozen(kw_only=True)
class Identity:
    """Who a token of the issuer names: a worker's number, and roles of Kassa."""

    number: str
    roles: tuple[str, ...]


class Issuer:
    """The configured issuer; `fetch` reads JSON from an address, which tests replace."""

    def __init__(self, config: IssuerConfig | None, fetch: Fetch | None = None) -> None:
        self._config = config
        self._fetch = fetch or fetch_json
        self._guard = threading.Lock()
        self._keys: KeySet | None = None
        self._fetched_at = self._asked_at = -STALE_AT_MOST

    def identify(self, token: str, now: int) -> Identity | str:
        """Whom a token names, or in words why it is not believed; Unavailable where the issuer's keys cannot be read."""
        config = self._config
        if config is None:
            return "No external issuer is configured here. Sign in with a PIN or a password."
        try:
            claims = self._claims(token, now)
            registry = jwt.JWTClaimsRegistry(
                now=now // MICROSECONDS_PER_SECOND, leeway=LEEWAY, iss={"essential": True, "value": config.issuer},
                aud={"essential": True, "value": config.audience}, exp={"essential": True},
            )  # fmt: skip
            registry.validate(claims)
        except (JoseError, ValueError) as error:
            return f"The issuer's token is not believed: {getattr(error, 'error', type(error).__name__)}."
        number = claim_of(claims, config.worker_claim)
        if not isinstance(number, str) or not number:
            return f"The issuer's token holds no worker's number as {config.worker_claim}."
        told = claim_of(claims, config.roles_claim) if config.roles_claim is not None else ()
        names: Sequence[Any] = [told] if isinstance(told, str) else told if isinstance(told, list) else ()
        roles = tuple(dict.fromkeys(config.roles[name] for name in names if isinstance(name, str) and name in config.roles))
        return Identity(number=number, roles=roles[:ROLES_AT_MOST])

    def _claims(self, token: str, now: int) -> dict[str, Any]:
        """The claims of a token by its signature; once more with new keys where the ones that are kept do not know its key."""
        keys = self._current(now, newer_than=now - FRESH)
        try:
            return jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        except (JoseError, ValueError):
            renewed = self._current(now, newer_than=now)
            if renewed is keys:
                raise
            return jwt.decode(token, renewed, algorithms=ALGORITHMS).claims

    def _current(self, now: int, newer_than: int) -> KeySet:
        """The issuer's keys; fetched again where they are older than wanted, but not more often than every half minute."""
        with self._guard:
            if self._fetched_at <= newer_than and now - self._asked_at >= ASKED_AGAIN_AFTER:
                self._asked_at = now
                try:
                    self._keys = KeySet.import_key_set(self._fetch(self._address()))
                    self._fetched_at = now
                except (URLError, OSError, ValueError, TypeError, KeyError, JoseError) as failure:
                    logger.warning("the keys of the issuer could not be read: %s", failure)
            if self._keys is None or now - self._fetched_at > STALE_AT_MOST:
                raise Unavailable("The keys of the external issuer cannot be read now. Sign in with a PIN or a password, or try again.")
            return self._keys

    def _address(self) -> str:
        assert self._config is not None
        if self._config.keys is not None:
            return self._config.keys
        found = self._fetch(f"{self._config.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found["issuer"] != self._config.issuer:
            raise ValueError("the issuer names itself otherwise")
        _check_address("jwks_uri", found["jwks_uri"])
        return str(found["jwks_uri"])


def claim_of(claims: Mapping[str, Any], path: str) -> Any:
    """A claim by its name, or by names with points between them where it lies in others; None where there is none."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: Any) -> None:
        """Follow nobody: the address that was configured answers, or nothing is believed."""
        return


def fetch_json(address: str) -> Any:
    """Read JSON from an address, within five seconds and a megabyte."""
    opener = urllib.request.build_opener(_NoRedirect)
    with opener.open(urllib.request.Request(address, headers={"Accept": "application/json"}), timeout=TIMEOUT) as answer:
        text = answer.read(ANSWER_AT_MOST + 1)
    if len(text) > ANSWER_AT_MOST:
        raise ValueError("the answer is too long")
    return json.loads(text)


def configured() -> Issuer:
    """The issuer that the environment names, or one that knows nobody."""
    return Issuer(IssuerConfig.from_environment())
