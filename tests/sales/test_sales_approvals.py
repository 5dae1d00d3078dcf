"""Approvals of sales: a cashier's price waits for the manager, and an order tells what can be done with it."""

import attrs
import pytest

from kassa.kernel.clock import FixedClock
from kassa.kernel.errors import Conflict, NotPermitted, OverrideRequired, Refused
from kassa.kernel.invariants import verify
from kassa.testing.builders import build_shop, furnish, line
from kassa.testing.ledger import assert_sound, stock_of

CHEAPER = line("LAMP", unit_price="90.00")


@pytest.fixture
def store(make_engine):
    """A shop with goods, on a Monday morning."""
    return furnish(build_shop(make_engine(modules={}, clock=FixedClock("2026-03-02T10:00:00Z"))))


def refusal(store, cashier):
    """What the cashier hears who sells at a price of the own."""
    with pytest.raises(OverrideRequired) as caught:
        store.perform(*store.sale(CHEAPER, payments=[{"tender": "cash", "amount": "90.00"}]), actor=cashier)
    return caught.value


def sell_again(store, cashier, token, **more):
    return store.perform(*store.sale(CHEAPER, payments=[{"tender": "cash", "amount": "90.00"}]), actor=cashier, approval=token, **more)


def test_the_manager_allows_the_cashiers_price(store):
    cashier, manager = store.add_worker("1042", "cashier"), store.add_worker("1001", "store_manager")
    token = refusal(store, cashier).approval["token"]
    assert stock_of(store, "LAMP").on_hand == "10"
    (waiting,) = store.perform("approvals.list", actor=manager)["items"]
    assert (waiting["token"], waiting["operation"], waiting["summary"]) == (token, "sales.sell", "Sell and hand over")
    with pytest.raises(NotPermitted):
        store.perform("approvals.approve", {"token": token}, actor=cashier)
    store.perform("approvals.approve", {"token": token, "reason": "Scratched"}, actor=manager)
    sale = sell_again(store, cashier, token)
    assert (sale["total"], stock_of(store, "LAMP").on_hand) == ("90.00", "9")
    with store.engine.database.snapshot() as read:
        people = read.row("SELECT actor, approver FROM kernel_audit WHERE operation = 'sales.sell' AND outcome = 'done'")
        assert people == (cashier.id, manager.id)
        assert read.row("SELECT state, document_id FROM kernel_approval") == ("used", sale["id"])
    assert_sound(store)
    assert verify(store.engine) == []


def test_an_approver_who_is_deactivated_before_the_use_approved_nothing(store):
    cashier, manager = store.add_worker("1042", "cashier"), store.add_worker("1001", "store_manager")
    token = refusal(store, cashier).approval["token"]
    store.perform("approvals.approve", {"token": token}, actor=manager)
    worker = store.engine.perform("org.read_worker", {"worker": "1001"}, actor=manager).body
    store.perform("org.change_worker", {"worker": "1001", "active": False}, if_match=worker["version"])
    with pytest.raises(Conflict) as caught:
        sell_again(store, cashier, token)
    assert caught.value.code == "APPROVAL_APPROVER_GONE"


def test_a_key_that_approved_counts_until_it_is_revoked(store):
    cashier, manager = store.add_worker("1042", "cashier"), store.actor("store_manager")
    token = refusal(store, cashier).approval["token"]
    key = store.perform("org.create_api_key", {"name": "Office", "roles": ["store_manager"]})
    office = attrs.evolve(manager, id=key["id"], kind="app")
    store.perform("approvals.approve", {"token": token}, actor=office)
    store.perform("org.revoke_api_key", {"api_key": key["id"]})
    with pytest.raises(Conflict) as caught:
        sell_again(store, cashier, token)
    assert caught.value.code == "APPROVAL_APPROVER_GONE"


def actions(store, order, actor=None):
    """The actions of an order by operation."""
    shown = store.perform("order.actions", {"order": order}, **({"actor": actor} if actor else {}))
    return {found["operation"]: found for found in shown["actions"]}


def test_an_order_tells_what_can_be_done_with_it(store):
    order = store.order(line("LAMP", "2"), customer="C0001")["number"]
    shown = actions(store, order)
    changing = ("add_charges", "cancel_lines", "cancel_order", "change_charge", "post_invoices", "post_packing_slip", "remove_charge", "start_edit")
    # Nothing was paid in advance.
    clearing = ("refund_deposit", "transfer_deposit", "forfeit_deposit")
    possible = {f"sales.{name}": "yes" for name in (*changing, "take_deposit")} | {f"sales.{name}": "no" for name in clearing}
    assert {name: found["possible"] for name, found in shown.items()} == possible
    assert ["RET-12"] in [condition["rules"] for condition in shown["sales.start_edit"]["depends_on_input"]]
    slip = shown["sales.post_packing_slip"]
    assert (slip["method"], slip["path"]) == ("POST", "/orders/{order}/packing-slips")
    assert "sales.slip_quantities" in [condition["rule"] for condition in slip["depends_on_input"]]
    store.deliver(order)
    shown = actions(store, order)
    assert (shown["sales.post_packing_slip"]["possible"], shown["sales.post_invoices"]["possible"]) == ("no", "yes")
    (unmet,) = shown["sales.post_packing_slip"]["unmet"]
    assert (unmet["kind"], unmet["code"], unmet["message"]) == (
        "gate",
        "SALES_QUANTITY_EXCEEDS_OPEN",
        "Nothing of this order is left to deliver.",
    )
    with pytest.raises(Refused) as caught:
        store.deliver(order)
    assert [(issue.code, issue.message, issue.rule) for issue in caught.value.issues] == [(unmet["code"], unmet["message"], unmet["rule"])]
    (unmet,) = shown["sales.cancel_order"]["unmet"]
    assert (unmet["code"], unmet["rule"], unmet["rules"], unmet["plugin"]) == ("SALES_CANCEL_DELIVERED", "sales.cancellable", ["CO-42"], "sales")
    with pytest.raises(Refused) as caught:
        store.perform("sales.cancel_order", {"order": order})
    assert [(issue.code, issue.message, issue.rule) for issue in caught.value.issues] == [(unmet["code"], unmet["message"], unmet["rule"])]
    store.invoice(order)
    assert {found["possible"] for found in actions(store, order).values()} == {"no"}
    codes = {found["operation"]: [unmet["code"] for unmet in found["unmet"]] for found in actions(store, order).values()}
    assert codes["sales.post_invoices"] == ["STATE_FORBIDS", "INV_NOTHING_TO_POST"]


def test_a_cashier_sees_who_invoices(store):
    order = store.order(line("LAMP"), customer="C0001")["number"]
    found = actions(store, order, store.add_worker("1042", "cashier"))
    assert found["sales.post_packing_slip"]["possible"] == "yes"
    (unmet,) = found["sales.post_invoices"]["unmet"]
    assert (unmet["kind"], unmet["permission"]) == ("permission", "sales.post_invoice")
    assert {"accountant", "store_manager"} <= {approver["role"] for approver in unmet["approvers"]}


def test_every_document_that_is_shown_tells_its_actions(store):
    sale = store.sell(line("LAMP"), payments={"cash": "100.00"}, customer="C0001")
    payment = store.perform("payments.list")["items"][0]["number"]
    adjustment = store.perform("stock.list_adjustments")["items"][0]["number"]
    for kind, field, number in (
        ("invoice", "invoice", sale["invoice"]),
        ("payment", "payment", payment),
        ("stock_adjustment", "adjustment", adjustment),
    ):
        shown = store.perform(f"{kind}.actions", {field: number})
        assert (shown["kind"], shown["state"]) == (kind, "posted")
