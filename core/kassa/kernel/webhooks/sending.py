"""Sending: one signed request to a target that was looked at a moment ago; no redirect, bounded in time and size."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache

import attrs
from standardwebhooks import Webhook

from kassa.kernel.clock import MICROSECONDS_PER_SECOND
from kassa.kernel.webhooks.targets import Target
from kassa.version import __version__

CONNECT_SECONDS = 5
SECONDS = 15
"""How long one attempt may take as a whole, from the connection to the end of the answer."""
ANSWER_READ = 64 * 1024
ANSWER_KEPT = 500
SUCCESS = range(200, 300)
REDIRECTS = range(300, 400)
MEDIA_TYPE = "application/cloudevents+json"


@attrs.frozen(kw_only=True)
class Sent:
    """What came of one attempt: the status and the beginning of the answer, or the error where there was none."""

    status: int | None = None
    answer: str | None = None
    error: str | None = None

    @property
    def delivered(self) -> bool:
        """Whether the receiver took it."""
        return self.error is None and self.status in SUCCESS


def headers_of(event_id: str, body: bytes, now: int, secrets: Sequence[str]) -> dict[str, str]:
    """Make the headers of the Standard Webhooks scheme; each secret gives a signature, and a receiver accepts any of them.

    The id is that of the event, the same at every attempt; the time is that of the attempt.
    """
    seconds = now // MICROSECONDS_PER_SECOND
    at = datetime.fromtimestamp(seconds, UTC)
    signatures = [Webhook(secret).sign(event_id, at, body.decode()) for secret in secrets]
    return {
        "Content-Type": MEDIA_TYPE, "User-Agent": f"Kassa/{__version__}", "Connection": "close",
        "webhook-id": event_id, "webhook-timestamp": str(seconds), "webhook-signature": " ".join(signatures),
    }  # fmt: skip


def send(target: Target, body: bytes, headers: dict[str, str]) -> Sent:
    """Post a body to a target and tell what came of it; raises nothing that the network can cause."""
    deadline = Deadline(SECONDS)
    try:
        with deadline:
            return _exchange(target, body, headers, deadline)
    except (OSError, http.client.HTTPException, ValueError) as error:
        words = f"no answer within {SECONDS} seconds" if deadline.passed else f"{type(error).__name__}: {error}".rstrip(": ")
        return Sent(error=words[:ANSWER_KEPT])


class Deadline:
    """Ends a conversation as a whole: a receiver that sends a byte now and then would outlast any time limit of a single read."""

    def __init__(self, seconds: int) -> None:
        self.passed = False
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._socket: socket.socket | None = None

    def watch(self, connection: socket.socket) -> None:
        """Name the connection that is to be ended."""
        self._socket = connection
        if self.passed:
            self._end()

    def _end(self) -> None:
        self.passed = True
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Deadline:
        self._timer.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._timer.cancel()


def _exchange(target: Target, body: bytes, headers: dict[str, str], deadline: Deadline) -> Sent:
    connection = http.client.HTTPConnection(target.host, target.port)
    try:
        # A connection that has its socket makes none by itself, so it leads to the address that was looked at.
        connection.sock = _connect(target, deadline)
        connection.request("POST", target.path, body, {**headers, "Host": target.authority})
        response = connection.getresponse()
        text = response.read(ANSWER_READ)
        if deadline.passed:
            raise TimeoutError
        if response.status in REDIRECTS:
            place = response.headers.get("Location", "")
            return Sent(status=response.status, error=f"it answered with a redirect to {place}, which is not followed"[:ANSWER_KEPT])
        return Sent(status=response.status, answer=_shortened(text))
    finally:
        connection.close()


def _connect(target: Target, deadline: Deadline) -> socket.socket:
    failure: OSError | None = None
    for address in target.addresses:
        try:
            plain = socket.create_connection((address, target.port), timeout=CONNECT_SECONDS)
        except OSError as error:
            failure = error
            continue
        plain.settimeout(SECONDS)
        deadline.watch(plain)
        if target.scheme == "http":
            return plain
        try:
            secured = tls().wrap_socket(plain, server_hostname=target.host)
        except BaseException:
            plain.close()
            raise
        deadline.watch(secured)
        return secured
    raise failure or OSError("no address")


@cache
def tls() -> ssl.SSLContext:
    """The context of encrypted connections: certificates and names are checked."""
    return ssl.create_default_context()


def _shortened(text: bytes) -> str | None:
    """Keep the beginning of an answer as one line of printable text."""
    words = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * ANSWER_KEPT].decode("utf-8", "replace"))
    return " ".join(words.split())[:ANSWER_KEPT] or None
