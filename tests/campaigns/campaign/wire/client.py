"""The wire between a client and the application, over HTTP."""

from __future__ import annotations

import http.client
import json
import random
import threading
from typing import Any

from werkzeug.serving import make_server

from campaign.counting import counts, gained, unsound
from campaign.installation import install, open_engine, remove
from campaign.report import Report, Size
from campaign.wire.proxy import Proxy
from kassa.kernel.engine import Engine
from kassa.testing.databases import Databases, Kind
from kassa_flask import HostConfig, create_app

SECONDS_TO_ANSWER = 60
PATIENCE = 20
REQUEST_BYTES = 900


class Cut:
    """When the wire is cut, once: at the first byte of the answer, or after so many bytes of the request."""

    def __init__(self) -> None:
        self.answer, self.request = False, 0

    def __call__(self) -> Exchange:
        """A connection."""
        return Exchange(self)


class Exchange:
    """One connection of a client."""

    def __init__(self, cut: Cut) -> None:
        self.cut = cut

    def client(self, data: bytes) -> tuple[bytes, bool]:
        """What the client sends."""
        if not self.cut.request:
            return data, False
        part = data[: self.cut.request]
        self.cut.request -= len(part)
        return part, self.cut.request == 0

    def server(self, data: bytes) -> tuple[bytes, bool]:
        """What the application answers."""
        if self.cut.answer:
            self.cut.answer = False
            return b"", True
        return data, False


class Serving:
    """The application on a free port, in threads of this process."""

    def __init__(self, engine: Engine) -> None:
        app = create_app(engine, HostConfig(log="off", rate_limit="", refusal_limit=""))
        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        self._server.log_startup = lambda: None
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def ask(port: int, token: str, path: str, body: Any, key: str) -> tuple[int, str, bool] | None:
    """Send one request; status, text, and whether it is a replay, or None where the wire was cut."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS_TO_ANSWER)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": key, "Kassa-Legal-Entity": "NL01"}
    try:
        connection.request("POST", f"/v1{path}", json.dumps(body), headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.getheader("Idempotent-Replayed") == "true"
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def cut(databases: Databases, kind: Kind, size: Size, report: Report) -> None:
    """Cut so many answers on their way, and half as many requests; the client asks again with the same key."""
    installation = install(databases, kind)
    shop = installation.shop
    shop.add_product("P", price="10.00", cost="6.00", stock="10000")
    token = shop.perform("org.create_api_key", {"name": "Till", "roles": ["administrator"], "store": shop.store})["token"]
    line = {"product": "P", "quantity": "1"}
    acts = [
        ("/sales", {"store": shop.store, "lines": [line], "payments": [{"tender": "cash", "amount": "10.00"}]}),
        ("/stock/adjustments", {"store": shop.store, "reason": "correction", "lines": [line]}),
        ("/payments", {"customer": "C0001", "tender": "card", "amount": "5.00", "store": shop.store}),
        ("/orders", {"store": shop.store, "customer": "C0001", "lines": [line]}),
    ]
    served = open_engine(installation.url)
    serving, wire = Serving(served), Cut()
    proxy = Proxy("127.0.0.1", serving.port, wire)
    choose = random.Random(size.seed)
    places = ["answer"] * size.cuts + ["request"] * (size.cuts // 2)
    choose.shuffle(places)
    one: dict[str, Any] = {}
    try:
        for path, body in acts:
            before = counts(installation.engine)
            answer = ask(serving.port, token, path, body, f"rehearsal-{path}")
            report.expect(answer is not None and answer[0] == 201, f"does not work alone: {answer}", path)
            one[path] = gained(counts(installation.engine), before)
        for number, place in enumerate(places):
            path, body = acts[number % len(acts)]
            before = counts(installation.engine)
            wire.answer, wire.request = place == "answer", choose.randint(1, REQUEST_BYTES) if place == "request" else 0
            key = f"wire-{number}"
            lost = ask(proxy.port, token, path, body, key)
            wire.answer, wire.request = False, 0
            report.cuts += lost is None
            report.figures[f"{place}s lost"] = report.figures.get(f"{place}s lost", 0) + (lost is None)
            told = _again(proxy.port, token, path, body, key)
            report.expect(told is not None and told[0] == 201, f"the same key then answers {told}", f"{path}, {place} {number}")
            replay = ask(proxy.port, token, path, body, key)
            report.expect(replay is not None and told is not None and replay[:2] == told[:2], "the same key has two answers", path)
            found = gained(counts(installation.engine), before)
            report.expect(found == one[path], f"rows differ from what one act leaves: {dict(gained(found, one[path]))}", f"{path}, {place} {number}")
            report.acts += 1
    finally:
        proxy.close()
        serving.close()
        served.close()
    for found in unsound(installation.engine):
        report.find(found)
    remove(databases, installation)


def _again(port: int, token: str, path: str, body: Any, key: str) -> tuple[int, str, bool] | None:
    """Ask until there is an answer that does not ask to come again."""
    told = None
    for _ in range(PATIENCE):
        told = ask(port, token, path, body, key)
        if told is not None and told[0] not in (409, 503):
            return told
    return told
