"""Moving what customers are owed to vendors: AR / AP in one voucher, one-time vendors, all in one plan."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import attrs
import pytest

from kassa import Context, Http, Operation, Result, hookimpl
from kassa.kernel.errors import Refused
from kassa.testing.builders import Shop, build_shop, furnish, line
from kassa.testing.ledger import assert_sound, assert_voucher


def credit(shop: Shop, customer: str, amount: str, store: str | None = None) -> str:
    """A credit of a customer: a payment that nothing is owed for."""
    payment = shop.perform(
        "payments.take", {"customer": customer, "tender": "bank_transfer", "amount": amount, "store": store or shop.store}
    )
    return str(payment["number"])


def owe(shop: Shop, customer: str) -> str:
    (invoice,) = shop.invoice(shop.order(line("DELIVERY", "1"), customer=customer)["number"], quantity_basis="all")
    return str(invoice["number"])


@pytest.fixture
def paying_out(owing: Shop) -> Shop:
    owing.perform("parties.create_vendor", {"number": "ONCE", "name": "Template", "due_days": 0})
    owing.set_setting("parties.one_time_vendor_template", "ONCE")
    owing.perform("org.create_store", {"number": "S002", "name": "Store S002"})
    return owing


@pytest.mark.rule("INV-14")
def test_a_credit_becomes_owed_to_a_vendor(paying_out: Shop):
    number = credit(paying_out, "C0001", "90.00")
    view = paying_out.perform(
        "payables.transfer_balance", {"customer": "C0001", "vendor": "V1", "items": [{"item": number}], "reference": "RUN-7"}
    )
    assert (view["amount"], view["dimensions"]) == ("90.00", {"store": "S001"})
    assert_voucher(paying_out, view["number"], [("1100 Trade receivables", "90.00", None), ("2100 Trade payables", None, "90.00")])
    assert paying_out.open_items("C0001") == {}
    assert paying_out.vendor_items("V1") == {view["number"]: "-90.00"}
    assert_sound(paying_out)
    run = paying_out.perform("payables.pay_vendors", {"bank_account": "MAIN"})
    assert run["total"] == "90.00"
    assert_sound(paying_out)


def test_debits_are_covered_first(paying_out: Shop):
    back, due = credit(paying_out, "C0001", "90.00"), owe(paying_out, "C0001")
    view = paying_out.perform("payables.transfer_balance", {"customer": "C0001", "vendor": "V1", "items": [{"item": back}, {"item": due}]})
    assert view["amount"] == "80.00"
    assert paying_out.open_items("C0001") == {}
    assert_sound(paying_out)


def test_part_of_a_credit_is_moved_and_the_transfer_is_reversed(paying_out: Shop):
    number = credit(paying_out, "C0001", "90.00")
    view = paying_out.perform(
        "payables.transfer_balance", {"customer": "C0001", "vendor": "V1", "items": [{"item": number, "amount": "60.00"}]}
    )
    assert paying_out.open_items("C0001") == {number: "-30.00"}
    paying_out.perform("ledger.reverse_voucher", {"voucher": view["number"], "description": "Wrong vendor"})
    assert paying_out.open_items("C0001") == {number: "-90.00"}
    assert paying_out.vendor_items("V1") == {}
    assert_sound(paying_out)


def test_only_what_is_owed_to_the_customer_is_moved(paying_out: Shop):
    due = owe(paying_out, "C0001")
    for command, code in (
        ({"items": [{"item": due}]}, "PAYABLES_NO_CREDIT"),
        ({"items": [{"item": "PAY-nowhere"}]}, "LEDGER_ITEM_NOT_OPEN"),
        ({"vendor": None, "items": [{"item": due}]}, "LEDGER_PARTY_NEEDED"),
    ):
        with pytest.raises(Refused) as refused:
            paying_out.perform("payables.transfer_balance", {"customer": "C0001", "vendor": "V1", **command})
        assert refused.value.issues[0].code == code
    number = credit(paying_out, "C0002", "5.00")
    paying_out.perform("parties.change_vendor", {"vendor": "V1", "on_hold": "all"})
    with pytest.raises(Refused) as refused:
        paying_out.perform("payables.transfer_balance", {"customer": "C0002", "vendor": "V1", "items": [{"item": number}]})
    assert refused.value.issues[0].code == "PAYABLES_VENDOR_ON_HOLD"


@attrs.frozen(kw_only=True)
class PayOut:
    """Pays out what customers are owed."""

    customers: tuple[str, ...]


@attrs.frozen(kw_only=True)
class PaidOut:
    """What was paid out, by customer."""

    amounts: tuple[str, ...]


def pay_out(command: PayOut, context: Context) -> Result:
    """One plan: for each customer with a credit a one-time vendor where there is none, and a transfer for each set of dimensions."""
    amounts = []
    for number in command.customers:
        page = context.call("ledger.list_open_items", {"customer": number, "limit": 500})
        groups: dict[tuple[tuple[str, str], ...], list[str]] = {}
        for item in page.items:
            if item.open.startswith("-"):
                groups.setdefault(tuple(sorted(item.dimensions.items())), []).append(item.id)
        if not groups or any(not item.open.startswith("-") for item in page.items):
            continue
        vendor = context.call("parties.create_one_time_vendor", {"customer": number}).view({})
        for ids in groups.values():
            asked = {"customer": number, "vendor": vendor.id, "items": [{"item": item_id} for item_id in ids]}
            amounts.append(f"{number} {context.call('payables.transfer_balance', asked).view({}).amount}")
    return Result(view=lambda numbers: PaidOut(amounts=tuple(amounts)))


class PayOutPlugin:
    """A plugin that knows payables by their public names alone."""

    @hookimpl
    def register_operations(self) -> Iterable[Any]:
        return [
            Operation(
                name="payout.run", summary="Pay out", effect="post", http=Http(method="POST", path="/payout"), request=PayOut, response=PaidOut,
                permission=None, handler=pay_out,
            )
        ]  # fmt: skip


def test_customers_are_paid_out_in_one_plan(make_engine):
    plugin = PayOutPlugin()
    shop = furnish(
        build_shop(make_engine(modules={"payout": SimpleNamespace(register_operations=plugin.register_operations)})), ("C1", "C2", "C3")
    )
    shop.perform("parties.create_vendor", {"number": "ONCE", "name": "Template", "due_days": 0})
    shop.set_setting("parties.one_time_vendor_template", "ONCE")
    shop.perform("org.create_store", {"number": "S002", "name": "Store S002"})
    shop.perform("parties.add_address", {"customer": "C1", "kind": "invoice", "address": {"lines": ["Damrak 1"], "country": "NL"}})
    credit(shop, "C1", "60.00")
    credit(shop, "C1", "30.00", store="S002")
    owe(shop, "C3")
    preview = shop.preview("payout.run", {"customers": ["C1", "C2", "C3"]})
    assert preview["result"]["amounts"] == ["C1 60.00", "C1 30.00"]
    assert shop.perform("parties.list_vendors", {"one_time": True})["items"] == [], "a preview writes nothing"
    assert shop.perform("payout.run", {"customers": ["C1", "C2", "C3"]})["amounts"] == ["C1 60.00", "C1 30.00"]
    (vendor,) = shop.perform("parties.list_vendors", {"one_time": True})["items"]
    assert vendor["name"] == "Customer C1"
    assert shop.perform("parties.read_customer", {"customer": "C1"})["vendor_id"] == vendor["id"]
    (address,) = shop.perform("parties.list_vendor_addresses", {"vendor": vendor["number"]})["items"]
    assert address["address"]["lines"] == ["Damrak 1"]
    assert shop.open_items("C1") == {}
    assert sorted(shop.vendor_items(vendor["number"]).values()) == ["-30.00", "-60.00"]
    stores = [item["dimensions"]["store"] for item in shop.perform("payables.list_open_items", {"vendor": vendor["number"]})["items"]]
    assert sorted(stores) == ["S001", "S002"]
    with pytest.raises(Refused) as refused:
        shop.perform("parties.create_one_time_vendor", {"customer": "C1"})
    assert refused.value.issues[0].code == "PARTIES_HAS_VENDOR"
    assert_sound(shop)
