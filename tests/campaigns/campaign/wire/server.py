"""The wire between the application and PostgreSQL."""

from __future__ import annotations

import random
from itertools import count, cycle

from campaign.counting import unsound
from campaign.installation import install, open_engine, remove
from campaign.report import Report, Size
from campaign.scenarios import Stage
from campaign.wire.disturbing import disturbed, operations
from campaign.wire.proxy import Proxy
from kassa.testing.databases import Databases, Kind

ACKNOWLEDGEMENT, SENT, ASKING, ANSWERING = "acknowledgement", "commit sent", "client message", "server message"
LENGTH = 4
MESSAGES = 60


class Cut:
    """When the wire is cut, once: at the acknowledgement of a commit, when COMMIT was sent, or at a message by its number."""

    def __init__(self) -> None:
        self.kind: str | None = None
        self.left = 0

    def arm(self, kind: str, left: int = 0) -> None:
        """Cut the next time."""
        self.kind, self.left = kind, left

    def disarm(self) -> bool:
        """Cut no more; answers whether it was cut."""
        was_cut, self.kind = self.kind is None, None
        return was_cut

    def falls(self, kind: str) -> bool:
        """Whether it is now; it is so once."""
        if self.kind != kind:
            return False
        self.left -= 1
        if self.left > 0:
            return False
        self.kind = None
        return True


class Session:
    """One connection to PostgreSQL, read message by message."""

    def __init__(self, cut: Cut) -> None:
        self.cut = cut
        self._asked, self._answered = b"", b""
        self._begun = False
        self._commits: set[bytes] = set()

    def client(self, data: bytes) -> tuple[bytes, bool]:
        """What the application sends."""
        self._asked += data
        passed = b""
        while (message := self._next(self._asked, typed=self._begun)) is not None:
            self._asked = self._asked[len(message) :]
            begun, self._begun = self._begun, True
            if begun and self.cut.falls(ASKING):
                return passed, True
            passed += message
            if begun and self._is_commit(message) and self.cut.falls(SENT):
                # What follows in the same breath belongs to it: the server acts when it is told to synchronise.
                return passed + self._asked, True
        return passed, False

    def server(self, data: bytes) -> tuple[bytes, bool]:
        """What PostgreSQL answers."""
        self._answered += data
        passed = b""
        while (message := self._next(self._answered, typed=True)) is not None:
            self._answered = self._answered[len(message) :]
            if self.cut.falls(ANSWERING) or (message[:1] == b"C" and message[5:] == b"COMMIT\0" and self.cut.falls(ACKNOWLEDGEMENT)):
                return passed, True
            passed += message
        return passed, False

    def _next(self, data: bytes, *, typed: bool) -> bytes | None:
        head = int(typed)
        if len(data) < head + LENGTH:
            return None
        size = head + int.from_bytes(data[head : head + LENGTH], "big")
        return data[:size] if len(data) >= size else None

    def _is_commit(self, message: bytes) -> bool:
        """Whether it runs COMMIT: parsed right now, or prepared before."""
        kind, body = message[:1], message[5:]
        if kind == b"P":
            name, text = body.split(b"\0")[:2]
            if text == b"COMMIT":
                self._commits.add(name)
            else:
                self._commits.discard(name)
            return False
        return kind == b"B" and body.split(b"\0")[1] in self._commits


def cut(databases: Databases, kind: Kind, size: Size, report: Report) -> None:
    """Cut so many acknowledgements of commits, and half as many times at each other place."""
    installation = install(databases, kind)
    base, _, name = installation.url.partition("?")[0].rpartition("/")
    host, _, port = base.rpartition("@")[2].partition(":")
    wire = Cut()
    proxy = Proxy(host, int(port or 5432), lambda: Session(wire))
    user = base.partition("//")[2].rpartition("@")[0]
    url = f"postgresql://{user}@127.0.0.1:{proxy.port}/{name}?sslmode=disable&gssencmode=disable"
    engine, numbers, choose = open_engine(url), count(1), random.Random(size.seed)
    places = [ACKNOWLEDGEMENT] * size.cuts + [SENT, ASKING, ANSWERING] * (size.cuts // 2)
    choose.shuffle(places)
    try:
        for place, operation in zip(places, cycle(operations(size)), strict=False):
            stage = Stage(installation, next(numbers))
            left = choose.randint(1, MESSAGES) if place in (ASKING, ANSWERING) else 1
            disturbed(engine, stage, operation, wire, (place, left), report)
    finally:
        engine.close()
        proxy.close()
    for found in unsound(installation.engine):
        report.find(found)
    remove(databases, installation)
