"""Rate limits: of the requests of an actor, and of the wrong or missing tokens of an address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Flask, request
from flask_limiter import Limit, Limiter

from kassa.kernel.clock import SystemClock
from kassa.kernel.errors import StartupError
from kassa_flask.config import HostConfig
from kassa_flask.problems import RateLimited

SECOND = 1_000_000


class RateLimits:
    """The limits of one application; counted in this process alone unless the storage is a shared one."""

    def __init__(self, config: HostConfig) -> None:
        """Read the limits; StartupError where their words or the storage make no sense.

        They depend on who asks, which is known in the view alone. So the extension gets an application of its own: its hook
        in front of every request would look for limits that nobody set.
        """
        self._limiter = Limiter(_address, storage_uri=config.rate_limit_storage, strategy="fixed-window")
        try:
            self._limiter.init_app(Flask(__name__))
        except Exception as error:
            raise StartupError(f"The rate limit storage {config.rate_limit_storage!r} cannot be used: {error}") from error
        self._requests = _items("KASSA_RATE_LIMIT", config.rate_limit)
        self._refusals = _items("KASSA_REFUSAL_LIMIT", config.refusal_limit)

    def request_of(self, actor_id: str) -> None:
        """Count one request of an actor; RateLimited where it is one too many."""
        self._hit(self._requests, "actor", actor_id)

    def refused_token(self) -> None:
        """Count one wrong or missing token of this address; RateLimited where it is one too many.

        Right tokens of the same address go on working: behind it may stand a whole store with one till set up wrongly.
        """
        self._hit(self._refusals, "address", _address())

    def _hit(self, items: Sequence[Any], *key: str) -> None:
        for item in items:
            if not self._limiter.limiter.hit(item, *key):
                raise self._limited(item, *key)

    def _limited(self, item: Any, *key: str) -> RateLimited:
        end, _ = self._limiter.limiter.get_window_stats(item, *key)
        # The windows of the library are of the machine's clock, whatever clock the engine has.
        wait = max(1, int(end) + 1 - SystemClock().now() // SECOND)
        return RateLimited(f"At most {item} are allowed. Try again in {wait} seconds.", retry_after=wait)


def _address() -> str:
    return request.remote_addr or "unknown"


def _items(name: str, words: str) -> list[Any]:
    try:
        return [limit.limit for limit in Limit(words, key_function=_address)]
    except ValueError as error:
        raise StartupError(f'{name} is {words!r}; expected words such as "100 per second", or nothing for no limit.') from error
