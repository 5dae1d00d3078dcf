"""T-FUZZ: hostile values in every field of every documented request, hostile JSON, and schemathesis; no fault, no harm.

Each operation gets its documented example with one value replaced. What is accepted must leave the books sound; a number that is no
number is never accepted.
"""

from __future__ import annotations

import importlib.util
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from campaign.authz.asking import IN_BRACES, SOMETHING, documented
from campaign.counting import unsound
from campaign.installation import install, remove
from campaign.report import Report, Size, measured
from kassa.testing.builders import furnish
from kassa.testing.databases import Databases, Kind
from kassa_flask import HostConfig, create_app

FULL = 20
EXAMPLES_OF_ROUNDS = 4
MILLISECONDS_AT_MOST = 2000
HUGE = "1" + "0" * 100_000
NUMBERS = [
    "NaN", "Infinity", "-Infinity", "1e308", "1e1000000", "1e-400", "1_000", "１２", "٣", " 1", "1 ", "0x10", "1,5", "+1", "--1", "1.0000000000001",
    HUGE, True, [], {}, 1.5, 2**63, -(2**63) - 1, None,
]  # fmt: skip
TEXTS = [
    "", "\x00", "a\x00b", "\ud800", "\u202e", "\ufeff", "é" * 300, "x" * 100_000, "'; DROP TABLE kernel_document; --", '" OR 1=1 --', "{{7*7}}",
    "${jndi:ldap://x}", "../../etc/passwd", "=cmd|' /C calc'!A0", "%s%n", "<script>alert(1)</script>", "👩‍👩‍👧‍👦", "ﬁ", "İ", "\r\nSet-Cookie: a=b",
]  # fmt: skip
BODIES = [
    b"", b"{", b"[]", b"null", b"true", b'"text"', b"NaN", b'{"lines": NaN}', b'{"a":1,"a":2}', b"[" * 5_000 + b"]" * 5_000, b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
    b'{"quantity": 1e1000000}', b"\xff\xfe", b"\xef\xbb\xbf{}", b'{"unknown": 1}', b'{"__class__": "x", "store": {"$ne": null}}', b"{}" + b" " * 2_000_000,
]  # fmt: skip
NUMERIC = ("amount", "quantity", "unit_price", "unit_cost", "discount", "discount_rate", "rate", "counted", "price")


def campaign(databases: Databases, kind: Kind, size: Size) -> Report:
    """The corpus, then schemathesis where the campaign has its full size; the ordinary suite runs that elsewhere."""
    with measured("fuzz", kind, size) as report:
        installation = install(databases, kind)
        furnish(installation.shop, ())
        app = create_app(installation.engine, HostConfig(log="off", rate_limit="", refusal_limit=""))
        key = installation.shop.perform("org.create_api_key", {"name": "Fuzz", "roles": ["administrator"], "legal_entities": ["NL01"], "store": "S001"})
        Corpus(app, key["token"], report, random.Random(size.seed), None if size.rounds >= FULL else size.steps).run()
        if size.rounds >= FULL and size.wants("schemathesis"):
            generated(app, key["token"], size, report)
        for found in unsound(installation.engine):
            report.find(found)
        remove(databases, installation)
    return report


class Corpus:
    """Sends the corpus; `most` is how many requests, None for all."""

    def __init__(self, app: Any, token: str, report: Report, choose: random.Random, most: int | None) -> None:
        self.client, self.token, self.report, self.choose, self.most = app.test_client(), token, report, choose, most
        document = self.client.get("/openapi.json").get_json()
        self.asked = {name: found for name, found in documented(self, document).items() if not name.startswith("host.")}

    def run(self) -> None:
        """Every value in every place, every body at every operation that has one, every text in every path."""
        cases = list(self.cases())
        if self.most is not None:
            cases = self.choose.sample(cases, min(self.most, len(cases)))
        for operation, path, data, number in cases:
            self.send(operation, path, data, number)
        self.report.figures |= {"operations": len(self.asked), "slowest in ms": self.slowest}

    slowest = 0

    def cases(self) -> Iterator[tuple[str, str, bytes | None, bool]]:
        """Operation, path, body, and whether it must be refused."""
        for operation, asked in self.asked.items():
            path, body = asked.path, asked.body
            if body is not None:
                for data in BODIES:
                    yield operation, path, data, False
                for place, name in places_of(body):
                    numeric = name in NUMERIC
                    for value in (*NUMBERS, *TEXTS):
                        yield operation, path, json.dumps(replaced(body, place, value)).encode(), numeric and value is not None
            for text in TEXTS[1:12]:
                quoted = "".join(f"%{byte:02X}" for byte in text[:200].encode("utf-8", "surrogatepass"))
                if "/" + SOMETHING in path or IN_BRACES.search(path):
                    yield operation, path.replace(SOMETHING, quoted), None if body is None else json.dumps(body).encode(), False

    def send(self, operation: str, path: str, data: bytes | None, number: bool) -> None:
        """Send one, and judge the answer."""
        self.report.acts += 1
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": f"fuzz-{self.report.acts}", "If-Match": '"1"', "Content-Type": "application/json"}
        begun = time.monotonic_ns()
        answer = self.client.open(path, method=self.asked[operation].method, data=data, headers=headers)
        took = (time.monotonic_ns() - begun) // 1_000_000
        self.slowest = max(self.slowest, took)
        told = f"{operation} {path[:100]} {(data or b'')[:200]!r}"
        self.report.expect(answer.status_code < 500, f"answered {answer.status_code} {answer.text[:300]}", told)
        self.report.expect(took < MILLISECONDS_AT_MOST, f"took {took} ms", told)
        if number:
            self.report.expect(answer.status_code >= 400, f"accepted, {answer.status_code}", told)


def places_of(body: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Every place in a request that holds a single value, with the name of its field."""
    members = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, value in members:
        if isinstance(value, dict | list):
            yield from places_of(value, (*path, key))
        yield (*path, key), str(key)


def replaced(body: Any, place: tuple[Any, ...], value: Any) -> Any:
    """A request with another value at one place."""
    if not place:
        return value
    copied = dict(body) if isinstance(body, dict) else list(body)
    copied[place[0]] = replaced(copied[place[0]], place[1:], value)
    return copied


def generated(app: Any, token: str, size: Size, report: Report) -> None:
    """What schemathesis makes of the OpenAPI document, by the runner that the tests of the host use."""
    spec = importlib.util.spec_from_file_location("schemathesis_run", Path(__file__).resolve().parents[2] / "hosts" / "schemathesis_run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    failures, called = module.run(app, token, examples=max(size.rounds // EXAMPLES_OF_ROUNDS, 1))
    for failure in failures:
        report.find(failure, "schemathesis")
    report.figures["generated at operations"] = len(called)
