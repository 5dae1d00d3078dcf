"""The cash-and-carry sale of two lines: through `Engine.perform` and over HTTP, beside its rows written by raw SQL."""

from __future__ import annotations

import io
import json
import sys
from functools import partial
from typing import Any

from bench.measuring import ROUNDS, Line, measure, typical
from bench.recording import RawConnection, copy_of, recording
from bench.shop import PRODUCTS, Shop

WARM_UP = 60


def request(number: int) -> dict[str, Any]:
    """Make the request of a sale: two lines at 10.00 without tax, 21 % tax, paid by card."""
    return {
        "store": "S001",
        "lines": [
            {"product": f"P{number % PRODUCTS:05d}", "quantity": "2"},
            {"product": f"P{(number * 7 + 1) % PRODUCTS:05d}", "quantity": "1"},
        ],
        "payments": [{"tender": "card", "amount": "36.30"}],
    }


def engine_sale(shop: Shop, sales: int) -> Line:
    """Compare `Engine.perform` with a replay of the rows it writes; rounds of both take turns."""
    engine, actor = shop.engine, shop.cashier
    for number in range(WARM_UP):
        engine.perform("sales.sell", request(number), actor=actor, key=f"warm-{number}")
    engine.close()
    raw = RawConnection(copy_of(shop.url))
    engine = shop.reopen().engine
    engine.perform("sales.sell", request(0), actor=actor, key="again")
    kassa, plain = [], []
    for round_number in range(ROUNDS):

        def sell(start: int = round_number) -> None:
            for number in range(sales):
                engine.perform("sales.sell", request(number), actor=actor, key=f"{start}-{number}")

        kassa.append(measure(sales, sell))
        # Noted apart, and let go of before the next round: thousands of statements kept alive would be counted against Kassa.
        with recording(engine.database.dialect) as flushes:
            for number in range(sales):
                engine.perform("sales.sell", request(number), actor=actor, key=f"noted-{round_number}-{number}")
        plain.append(measure(sales, partial(raw.replay, list(flushes))))
        statements = len(flushes[0])
        rows = sum(len(write.parameters) if write.many else 1 for write in flushes[0])
        flushes.clear()
    raw.close()
    note = f"{rows} rows in {statements} statements, one commit"
    return Line(
        database=engine.database.dialect, what="sale, Engine.perform", unit="sales", kassa=typical(kassa), raw=typical(plain), note=note
    )


def http_sale(shop: Shop, sales: int) -> Line:
    """Measure what HTTP adds: the same sale through the host, in process, beside `Engine.perform`."""
    from kassa_flask.app import create_app
    from kassa_flask.config import HostConfig

    engine = shop.engine
    app = create_app(engine, HostConfig(log="off", rate_limit=""))
    direct, over_http = [], []
    for number in range(WARM_UP):
        status, body = post_wsgi(app, shop.token, f"warm-http-{number}", request(number))
        assert status.startswith("201"), body
    for round_number in range(ROUNDS):

        def sell(start: int = round_number) -> None:
            for number in range(sales):
                engine.perform("sales.sell", request(number), actor=shop.cashier, key=f"direct-{start}-{number}")

        def post(start: int = round_number) -> None:
            for number in range(sales):
                post_wsgi(app, shop.token, f"http-{start}-{number}", request(number))

        direct.append(measure(sales, sell))
        over_http.append(measure(sales, post))
    return Line(
        database=engine.database.dialect, what="sale over HTTP (beside Engine.perform)", unit="sales", kassa=typical(over_http), raw=typical(direct),
        note="WSGI calls with a body of JSON, in process",
    )  # fmt: skip


def post_wsgi(app: Any, token: str, key: str, body: dict[str, Any]) -> tuple[str, bytes]:
    """Post a sale as a WSGI server would hand it over; returns the status line and the answer."""
    content = json.dumps(body).encode()
    found: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST", "SCRIPT_NAME": "", "PATH_INFO": "/v1/sales", "QUERY_STRING": "", "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost:8000",
        "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(content)), "HTTP_AUTHORIZATION": f"Bearer {token}",
        "HTTP_IDEMPOTENCY_KEY": key, "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(content),
        "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
    }  # fmt: skip
    answer = app.wsgi_app(environ, lambda status, headers, error=None: found.append(status))
    try:
        text = b"".join(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()
    return found[0], text
