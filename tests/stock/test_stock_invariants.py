"""What `kassa verify` looks for in costs, transfers and reservations: each invariant finds the damage that it is there for."""

import pytest

from kassa.kernel.database import Write
from kassa.kernel.flush import write_alone
from kassa.kernel.invariants import verify
from kassa.stock.invariants import costs, transfers
from kassa.testing.builders import line

DAMAGE = {
    "stock.layers_added": ("stock_cost_layer", "UPDATE stock_cost_layer SET value = value + 1 WHERE value <> 0"),
    "stock.layers_booked": ("stock_cost_layer", "UPDATE stock_cost_layer SET value = value + 1 WHERE value <> 0"),
    "stock.matched_once": ("stock_settlement", "UPDATE stock_settlement SET quantity = quantity + 1000000"),
    "stock.splits_keep_all": ("stock_transaction", "UPDATE stock_transaction SET to_status = 'split' WHERE sequence = 1"),
    "stock.transfers_counted": ("stock_transfer_balance", "UPDATE stock_transfer_balance SET shipped = shipped + 1"),
    "stock.transit_explained": ("stock_transaction", "UPDATE stock_transaction SET quantity = quantity + 1 WHERE to_status = 'in_transit'"),
    "stock.reservations_end": (
        "kernel_document",
        "UPDATE kernel_document SET state = 'released' WHERE kind = 'stock_reservation' AND state <> 'released'",
    ),
}  # fmt: skip


@pytest.fixture
def busy(depot):
    """A depot with goods on their way in parts, a promise of goods that are to come, and costs that a close adjusted."""
    depot.adjust({"MUG": "6"}, unit_cost="2.00")
    sent = depot.transfer({"MUG": "4"})["id"]
    depot.perform("stock.ship_transfer", {"transfer": sent, "lines": [{"line": 1, "quantity": "3"}]})
    depot.reserve("MUG", "1", warehouse="W01", basis="ordered")
    for cost in ("6.00", "8.00"):
        depot.adjust({"TEA": "10"}, unit_cost=cost)
    depot.sell(line("TEA", "5"), payments={"cash": "60.50"})
    depot.engine.clock.advance(days=2)
    depot.close("2026-11-21")
    return depot


def _defenceless(depot, table):
    if depot.engine.database.dialect == "sqlite":
        with depot.engine.database.snapshot() as read:
            found = read.rows("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,))
        write_alone(depot.engine.database, [Write(f"DROP TRIGGER {name}", ()) for (name,) in found])
        return []
    return [Write("SET LOCAL session_replication_role = replica", ())]


def test_every_invariant_of_these_is_damaged_here():
    assert {invariant.name for invariant in (*costs.INVARIANTS, *transfers.INVARIANTS)} == set(DAMAGE)


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_to_stock_is_found_by_name(busy, name):
    assert verify(busy.engine) == []
    table, statement = DAMAGE[name]
    write_alone(busy.engine.database, [*_defenceless(busy, table), Write(statement, ())])
    assert name in {finding.invariant for finding in verify(busy.engine)}
