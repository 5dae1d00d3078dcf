"""Whose account a sale stands on: the invoice account of a customer, and customers who were blocked since."""

import pytest

from kassa.kernel.errors import Refused
from kassa.testing.builders import Shop, line
from kassa.testing.ledger import assert_sound


def codes(refused) -> list[str]:
    return [issue.code for issue in refused.value.issues]


def test_the_invoice_account_gets_the_open_item(shop: Shop):
    shop.perform("parties.change_customer", {"customer": "C0001", "invoice_account": "C0002"})
    order = shop.order(line("LAMP"), customer="C0001")["number"]
    (invoice,) = shop.invoice(order, quantity_basis="all")
    sale = shop.sell(line("LAMP"), customer="C0001", payments={"cash": "30.00"})
    assert shop.open_items("C0001") == {}
    assert shop.open_items("C0002") == {invoice["number"]: "100.00", sale["invoice"]: "70.00"}
    assert shop.perform("sales.read_order", {"order": order})["customer"] == "C0001", "the goods go to who ordered"
    shop.pay("C0002", "170.00")
    assert shop.open_items("C0002") == {}
    assert_sound(shop)


@pytest.mark.parametrize("blocked", ["C0001", "C0002"])
def test_who_was_blocked_after_the_order_is_not_invoiced(shop: Shop, blocked: str):
    shop.perform("parties.change_customer", {"customer": "C0001", "invoice_account": "C0002"})
    order = shop.order(line("LAMP"), customer="C0001")["number"]
    shop.perform("parties.change_customer", {"customer": blocked, "blocked": "invoice"})
    with pytest.raises(Refused) as refused:
        shop.invoice(order, quantity_basis="all")
    assert codes(refused) == ["SALES_CUSTOMER_BLOCKED"]
    with pytest.raises(Refused) as refused:
        shop.order(line("LAMP"), customer="C0001")
    assert codes(refused) == ["SALES_CUSTOMER_BLOCKED"]
    shop.perform("parties.change_customer", {"customer": blocked, "blocked": "none"})
    shop.invoice(order, quantity_basis="all")
    assert list(shop.open_items("C0002").values()) == ["100.00"]
