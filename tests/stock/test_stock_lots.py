"""Lots over random lives of every act: buckets are the sum of the history, nothing is promised twice, parts split off take their cost."""

import threading
from types import SimpleNamespace

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kassa import Operation, Result, hookimpl
from kassa.kernel.clock import FixedClock
from kassa.kernel.errors import Conflict, KassaError, Refused
from kassa.stock import facts
from kassa.stock.movements import split_lot
from kassa.testing.builders import build_shop, furnish, line
from kassa.testing.ledger import assert_sound, stock_of

ACTS = st.tuples(
    st.sampled_from(
        ("in", "out", "sell", "order", "reserve", "release", "block", "unblock", "send", "ship", "receive", "cancel", "tend", "promise")
    ),
    st.integers(1, 4),
)


def _act(depot, act, size, made):
    quantity = str(size)
    if act == "in":
        depot.adjust({"MUG": quantity}, reason="count", unit_cost=f"{size}.37")
    elif act == "out":
        depot.adjust({"MUG": f"-{quantity}"}, reason="count")
    elif act == "sell":
        depot.sell(line("MUG", quantity), payments={"cash": f"{5 * size}.00"})
    elif act == "order":
        depot.deliver(depot.order(line("MUG", quantity), customer="ADA")["number"])
    elif act == "reserve":
        made["reservation"].append(depot.reserve("MUG", quantity)["id"])
    elif act == "promise":
        made["reservation"].append(depot.reserve("MUG", quantity, warehouse="W01", basis="ordered")["id"])
    elif act == "block":
        made["block"].append(
            depot.perform("stock.block", {"store": "S001", "reason": "wet", "lines": [{"product": "MUG", "quantity": quantity}]})["id"]
        )
    elif act == "send":
        made["transfer"].append(depot.transfer({"MUG": quantity})["id"])
    elif act == "tend":
        depot.tend()
    else:
        _go_on(depot, act, made)


def _go_on(depot, act, made):
    """Go on with what was begun last of a kind."""
    kind, operation = {
        "release": ("reservation", "stock.release_reservation"), "unblock": ("block", "stock.unblock"), "ship": ("transfer", "stock.ship_transfer"),
        "receive": ("transfer", "stock.receive_transfer"), "cancel": ("transfer", "stock.cancel_transfer"),
    }[act]  # fmt: skip
    if made[kind]:
        depot.perform(operation, {kind: made[kind][-1], **({"reason": "dry"} if act == "unblock" else {})})


def _tried(depot, act, size, made):
    """The code with which an act was refused; None where it was done."""
    try:
        _act(depot, act, size, made)
    except Refused as refused:
        return refused.code
    return None


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts=st.lists(ACTS, min_size=3, max_size=12))
def test_nothing_is_promised_twice_and_everything_is_explained(depot, acts):
    """The depot goes on from example to example; what is refused changes nothing."""
    made = {"reservation": [], "block": [], "transfer": []}
    for act, size in acts:
        code = _tried(depot, act, size, made)
        assert code in {None, "STOCK_SHORTAGE", "STATE_FORBIDS", "STOCK_NOT_BLOCKED", "STOCK_TRANSFER_QUANTITY"}
        for found in depot.perform("stock.read", {"product": "MUG"})["items"]:
            assert not found["available"].startswith("-")
    assert_sound(depot)


@attrs.frozen(kw_only=True)
class Part:
    """A part of an order's first line that goes on as a lot of its own."""

    order: str
    status: str
    quantity: int


@attrs.frozen(kw_only=True)
class PartView:
    """The new lot."""

    lot: str


def _split(command, context):
    row = context.read.row("SELECT l.id, l.warehouse_id, l.document_id FROM sales_order_line l WHERE l.document_id = ?", (command.order,))
    new = row[0][:-4] + "beef"
    lot = facts.lots(context, [row[0]])[row[0]]
    context.plan.add(split_lot(lot, new, command.status, command.quantity, "2026-11-21", warehouse_id=row[1]), "probe.split", row[2])
    return Result(view=lambda numbers: PartView(lot=new))


@hookimpl
def register_operations():
    """A verb that splits."""
    return [
        Operation(
            name="probe.split",
            summary="Split a lot",
            effect="edit",
            request=Part,
            response=PartView,
            permission=None,
            handler=_split,
            scope="none",
        )
    ]


@pytest.fixture
def splitting(make_engine):
    return furnish(
        build_shop(
            make_engine(
                modules={"probe": SimpleNamespace(register_operations=register_operations)}, clock=FixedClock("2026-11-21T09:00:00Z")
            )
        )
    )


def _lot(shop, lot):
    with shop.engine.database.snapshot() as read:
        return facts.load_lots(read, [lot])[lot]


def test_a_part_goes_on_as_a_lot_of_its_own(splitting):
    order = splitting.order(line("LAMP", "5"), customer="C0001")
    with splitting.engine.database.snapshot() as read:
        lot = read.value("SELECT id FROM sales_order_line WHERE document_id = ?", (order["id"],))
    splitting.perform("stock.reserve", {"store": "S001", "lines": [{"product": "LAMP", "quantity": "4", "lot": lot}]})
    before = stock_of(splitting, "LAMP")
    new = splitting.perform("probe.split", {"order": order["id"], "status": "reserved", "quantity": -3000})["lot"]
    assert stock_of(splitting, "LAMP") == before
    assert (_lot(splitting, lot).in_statuses("reserved"), _lot(splitting, new).in_statuses("reserved")) == (-1000, -3000)
    assert _lot(splitting, new).source_lot_id is None, "it is a part, and does not follow what it was part of"
    assert_sound(splitting)


def test_a_part_that_moved_takes_its_cost_along(splitting):
    order = splitting.order(line("LAMP", "3"), customer="C0001")
    splitting.deliver(order["number"])
    with splitting.engine.database.snapshot() as read:
        lot = read.value("SELECT id FROM sales_order_line WHERE document_id = ?", (order["id"],))
    before = stock_of(splitting, "LAMP")
    new = splitting.perform("probe.split", {"order": order["id"], "status": "deducted", "quantity": -1000})["lot"]
    assert stock_of(splitting, "LAMP") == before
    assert [(found.cost, found.issued_cost, found.physical) for found in (_lot(splitting, lot), _lot(splitting, new))] == [
        (-12000, 12000, -2000), (-6000, 6000, -1000),
    ]  # fmt: skip
    with pytest.raises(KassaError):
        splitting.perform("probe.split", {"order": order["id"], "status": "deducted", "quantity": -9000})
    assert_sound(splitting)


def test_many_reserve_the_last_pieces_at_once(depot):
    depot.adjust({"MUG": "3"})
    done, refused = [], []
    begin = threading.Barrier(6)

    def reserve():
        begin.wait()
        try:
            done.append(depot.reserve("MUG", "1")["number"])
        except (Refused, Conflict) as error:
            refused.append(error.code)

    threads = [threading.Thread(target=reserve) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) + len(refused) == 6
    assert set(refused) <= {"STOCK_SHORTAGE", "LOST_RACE"}
    assert stock_of(depot, "MUG").available == str(3 - len(done))
    assert_sound(depot)
