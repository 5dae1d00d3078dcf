"""Batch invoicing: a run over delivered orders, beside its rows written by raw SQL."""

from __future__ import annotations

from bench.measuring import Line, measure
from bench.recording import RawConnection, copy_of, recording
from bench.sale import request
from bench.shop import Shop
from kassa.kernel.jobs import Runner
from kassa.kernel.permissions import SYSTEM


def invoice_run(shop: Shop, orders: int) -> Line:
    """Deliver orders of two lines, invoice them in one run, and write the same rows again by the driver alone."""
    engine = shop.engine
    for number in range(orders):
        asked = {key: value for key, value in request(number).items() if key != "payments"}
        order = engine.perform("sales.create_order", asked, actor=SYSTEM, key=f"order-{number}").body
        engine.perform("sales.post_packing_slip", {"order": order["number"]}, actor=SYSTEM, key=f"slip-{number}")
    job = engine.perform("sales.start_invoice_run", {}, actor=SYSTEM, key="run").body
    engine.close()
    raw = RawConnection(copy_of(shop.url))
    engine = shop.reopen().engine
    runner = Runner(engine)
    with recording(engine.database.dialect) as flushes:
        kassa = measure(orders, lambda: runner.run(job["id"]))
    assert runner.read(job["id"]).summary == {"invoiced": orders}
    plain = measure(orders, lambda: raw.replay(flushes))
    raw.close()
    return Line(
        database=engine.database.dialect, what="batch invoicing", unit="invoices", kassa=kassa, raw=plain,
        note="orders of two lines, 100 a commit",
    )  # fmt: skip
