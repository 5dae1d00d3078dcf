"""The cash-and-carry sale of two lines: through `Engine.perform` and over HTTP, beside its rows written by raw SQL."""

from __future__ import annotations

from typing import Any

from bench.measuring import ROUNDS, Line, measure, median
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
    """Compare `Engine.perform` with a replay of the rows it writes; rounds of both take turns, the medians count."""
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

        with recording(engine.database.dialect) as flushes:
            kassa.append(measure(sales, sell))
        plain.append(measure(sales, lambda flushes=flushes: raw.replay(flushes)))  # type: ignore[misc]
    raw.close()
    statements = len(flushes[0])
    rows = sum(len(write.parameters) if write.many else 1 for write in flushes[0])
    note = f"{rows} rows in {statements} statements, one commit"
    return Line(database=engine.database.dialect, what="sale, Engine.perform", unit="sales", kassa=median(kassa), raw=median(plain), note=note)


def http_sale(shop: Shop, sales: int) -> Line:
    """Measure what HTTP adds: the same sale through the host, in process, beside `Engine.perform`."""
    from kassa_flask.app import create_app

    engine = shop.engine
    client = create_app(engine).test_client()
    headers = {"Authorization": f"Bearer {shop.token}"}
    direct, over_http = [], []
    for number in range(WARM_UP):
        answer = client.post("/v1/sales", json=request(number), headers={**headers, "Idempotency-Key": f"warm-http-{number}"})
        assert answer.status_code == 201, answer.get_data(as_text=True)
    for round_number in range(ROUNDS):

        def sell(start: int = round_number) -> None:
            for number in range(sales):
                engine.perform("sales.sell", request(number), actor=shop.cashier, key=f"direct-{start}-{number}")

        def post(start: int = round_number) -> None:
            for number in range(sales):
                client.post("/v1/sales", json=request(number), headers={**headers, "Idempotency-Key": f"http-{start}-{number}"})

        direct.append(measure(sales, sell))
        over_http.append(measure(sales, post))
    return Line(
        database=engine.database.dialect, what="sale over HTTP (beside Engine.perform)", unit="sales", kassa=median(over_http), raw=median(direct),
        note="client and host in one process",
    )  # fmt: skip
