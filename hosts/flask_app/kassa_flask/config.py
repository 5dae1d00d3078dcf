"""The host's configuration: one frozen value, read from the environment (`KASSA_*`) or given by who embeds the host."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Protocol, TypeAlias

import attrs

from kassa.kernel.engine import Engine
from kassa.kernel.errors import StartupError
from kassa.kernel.permissions import Actor
from kassa_flask import access

Authenticate: TypeAlias = Callable[[Engine, str], Actor | None]
"""Tells whose a bearer token is; None for a token that is unknown, expired or revoked."""
Ready: TypeAlias = Callable[[Engine], Sequence[str]]
"""Tells why an installation cannot serve now; empty where it can."""
LogForm: TypeAlias = Literal["json", "console", "off"]
LOG_FORMS: tuple[LogForm, ...] = ("json", "console", "off")


class Narrow(Protocol):
    """Limits an actor to the legal entity, store and register that a request names by their codes.

    Returns the narrowed actor and the id of the legal entity, None where neither the request nor the actor says which.
    Raises NotFound for what is unknown or out of the actor's scope, PreconditionRequired where several could be meant.
    """

    def __call__(
        self, engine: Engine, actor: Actor, *, legal_entity: str | None, store: str | None, register: str | None
    ) -> tuple[Actor, str | None]: ...


@attrs.frozen(kw_only=True)
class HostConfig:
    """What an integrator can choose about the host.

    `body_limit` is in bytes. `rate_limit` counts the requests of an actor, `refusal_limit` the wrong or missing tokens of an
    address; both in words such as "50 per second;12000 per minute", an empty text being no limit. `proxies` is the number of
    reverse proxies whose X-Forwarded headers are believed. `metrics_token`, where given, is asked for at /metrics. `logger`
    takes the place of the one that writes to standard error.
    """

    title: str = "Kassa"
    body_limit: int = 1_048_576
    rate_limit: str = "12000 per minute"
    refusal_limit: str = "60 per minute"
    rate_limit_storage: str = "memory://"
    proxies: int = 0
    metrics_token: str | None = attrs.field(default=None, repr=False)
    log: LogForm = "json"
    logger: Any = None
    authenticate: Authenticate = access.authenticate
    narrow: Narrow = access.narrow
    ready: Ready = access.not_ready

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> HostConfig:
        """Read KASSA_TITLE, KASSA_BODY_LIMIT, KASSA_RATE_LIMIT and so on; StartupError names a variable that makes no sense."""
        given = os.environ if environment is None else environment
        default = cls()
        return cls(
            title=given.get("KASSA_TITLE", default.title),
            body_limit=whole_number(given, "KASSA_BODY_LIMIT", default.body_limit, 1024),
            rate_limit=given.get("KASSA_RATE_LIMIT", default.rate_limit),
            refusal_limit=given.get("KASSA_REFUSAL_LIMIT", default.refusal_limit),
            rate_limit_storage=given.get("KASSA_RATE_LIMIT_STORAGE", default.rate_limit_storage),
            proxies=whole_number(given, "KASSA_PROXIES", default.proxies, 0),
            metrics_token=given.get("KASSA_METRICS_TOKEN") or None,
            log=_log_form(given.get("KASSA_LOG", default.log)),
        )


def whole_number(environment: Mapping[str, str], name: str, default: int, minimum: int) -> int:
    """The whole number that a variable holds; StartupError where it holds something else or too little."""
    text = environment.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or int(text) < minimum:
        raise StartupError(f"{name} is {text!r}; expected a whole number of at least {minimum}.")
    return int(text)


def _log_form(text: str) -> LogForm:
    for form in LOG_FORMS:
        if form == text:
            return form
    raise StartupError(f"KASSA_LOG is {text!r}; expected one of {', '.join(LOG_FORMS)}.")
