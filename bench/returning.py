"""Batch credit notes: a run over received return orders, beside its rows written by raw SQL."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import attrs

from bench.measuring import Line, measure
from bench.recording import RawConnection, copy_of, recording
from bench.shop import Shop
from kassa.kernel import registry
from kassa.kernel.database import connect
from kassa.kernel.engine import Engine
from kassa.kernel.jobs import Runner
from kassa.kernel.migrations import migrate
from kassa.kernel.permissions import SYSTEM


def credit_run(shop: Shop, returns: int) -> Line:
    """Sell, take back and receive two lines each, credit all in one run, and write the same rows again by the driver alone."""
    shop = with_returns(shop)
    engine = shop.engine

    def do(operation: str, key: str, **command: Any) -> Any:
        return engine.perform(operation, command, actor=SYSTEM, key=key).body

    do("parties.create_customer", "customer", number="C-1", name="Ada Jansen")
    do("returns.create_disposition_code", "code", code="RS", name="Resale", action="credit")
    for number in range(returns):
        lines = [{"product": f"P{number % 100:05d}", "quantity": "2"}, {"product": f"P{(number * 7 + 1) % 100:05d}", "quantity": "1"}]
        order = do("sales.create_order", f"order-{number}", store="S001", customer="C-1", lines=lines)
        chosen = [{"order": order["number"]}]
        (invoice,) = do("sales.post_invoices", f"sold-{number}", orders=chosen, quantity_basis="all")["invoices"]
        back = do("returns.create", f"back-{number}", store="S001", customer="C-1", invoices=[{"invoice": invoice["number"]}])
        came = [{"line": place, "disposition": "RS"} for place in (1, 2)]
        do("returns.register", f"came-{number}", rma=back["rma_number"], lines=came)
        do("sales.post_packing_slip", f"slip-{number}", order=back["rma_number"])
    job = do("sales.start_invoice_run", "run", type="returns.order")
    engine.close()
    raw = RawConnection(copy_of(shop.url))
    engine = opened(shop.url)
    runner = Runner(engine)
    with recording(engine.database.dialect) as flushes:
        kassa = measure(returns, lambda: runner.run(job["id"]))
    assert runner.read(job["id"]).summary == {"invoiced": returns}
    plain = measure(returns, lambda: raw.replay(flushes))
    raw.close()
    engine.close()
    return Line(
        database=engine.database.dialect, what="batch credit notes", unit="credit notes", kassa=kassa, raw=plain,
        note="returns of two lines by their invoice, 100 a commit",
    )  # fmt: skip


def opened(url: str) -> Engine:
    """Open an installation with returns."""
    return Engine(connect(url), registry.build({"returns": import_module("kassa_returns.hooks")}))


def with_returns(shop: Shop) -> Shop:
    """Enable returns in a shop that was made without plugins."""
    shop.engine.close()
    engine = opened(shop.url)
    migrate(engine.database, engine.registry)
    entity = shop.legal_entity_id
    role = {"role": "returns.scrap", "account": "5150"}
    engine.perform("ledger.create_account", {"number": "5150", "name": "Scrap", "type": "expense"}, actor=SYSTEM, legal_entity_id=entity)
    engine.perform("ledger.assign_account", role, actor=SYSTEM, legal_entity_id=entity)
    return attrs.evolve(shop, engine=engine)
