"""Vendors: numbers, holds, bank accounts with checked IBANs, one-time vendors, and customers who are vendors."""

import pytest

from kassa.kernel.errors import Conflict, NotFound, NotPermitted, Refused
from kassa.testing.builders import Shop
from kassa.testing.ledger import assert_sound


def codes(refused) -> list[str]:
    return [issue.code for issue in refused.value.issues]


@pytest.fixture
def vendor(shop: Shop) -> dict:
    return shop.perform("parties.create_vendor", {"number": "V1", "name": "Keramiek BV", "due_days": 14, "language": "nl"})


def test_a_vendor_is_created_read_and_changed(shop: Shop, vendor: dict):
    assert (vendor["currency"], vendor["on_hold"], vendor["one_time"]) == ("EUR", "none", False)
    assert shop.perform("parties.read_vendor", {"vendor": "V1"}) == shop.perform("parties.read_vendor", {"vendor": vendor["id"]}) == vendor
    with pytest.raises(Conflict):
        shop.perform("parties.create_vendor", {"number": "V1", "name": "Again"})
    made_up = shop.perform("parties.create_vendor", {"name": "Somebody"})["number"]
    assert made_up.startswith("V")
    changed = shop.perform("parties.change_vendor", {"vendor": "V1", "name": "Keramiek NV", "on_hold": "payment"})
    assert (changed["name"], changed["on_hold"], changed["version"]) == ("Keramiek NV", "payment", 2)
    assert [item["number"] for item in shop.perform("parties.list_vendors", {"on_hold": "payment"})["items"]] == ["V1"]
    with pytest.raises(NotFound):
        shop.perform("parties.read_vendor", {"vendor": "V9"})


def test_holding_needs_its_own_right(shop: Shop, vendor: dict):
    with pytest.raises(NotPermitted):
        shop.perform("parties.change_vendor", {"vendor": "V1", "on_hold": "all"}, actor=shop.actor("cashier"))
    assert shop.perform("parties.change_vendor", {"vendor": "V1", "on_hold": "all"}, actor=shop.actor("payables_clerk"))["on_hold"] == "all"


def test_the_digits_of_an_iban_are_checked(shop: Shop, vendor: dict):
    for wrong in ("NL91ABNA0417164301", "NL91ABNA041716430", "XX91ABNA0417164300", "12345"):
        with pytest.raises(Refused) as refused:
            shop.perform("parties.add_bank_account", {"vendor": "V1", "iban": wrong})
        assert codes(refused) == ["PARTIES_IBAN"]
    first = shop.perform("parties.add_bank_account", {"vendor": "V1", "iban": "NL91 ABNA 0417 1643 00"})
    assert (first["iban"], first["holder"], first["preferred"]) == ("NL91ABNA0417164300", "Keramiek BV", True)
    second = shop.perform("parties.add_bank_account", {"vendor": "V1", "iban": "DE89370400440532013000", "bic": "COBADEFFXXX"})
    assert second["preferred"] is False
    shop.perform("parties.change_bank_account", {"vendor": "V1", "bank_account_id": second["id"], "preferred": True})
    listed = shop.perform("parties.list_bank_accounts", {"vendor": "V1"})["items"]
    assert [(item["iban"], item["preferred"]) for item in listed] == [("NL91ABNA0417164300", False), ("DE89370400440532013000", True)]


def test_a_customer_can_be_a_vendor(shop: Shop, vendor: dict):
    linked = shop.perform("parties.change_customer", {"customer": "C0001", "vendor_account": "V1"})
    assert linked["vendor_id"] == vendor["id"]
    assert shop.perform("parties.create_customer", {"name": "Both", "vendor_account": "V1"})["vendor_id"] == vendor["id"]
    with pytest.raises(NotPermitted):
        shop.perform("parties.change_customer", {"customer": "C0002", "vendor_account": "V1"}, actor=shop.actor("cashier"))
    with pytest.raises(NotFound):
        shop.perform("parties.change_customer", {"customer": "C0002", "vendor_account": "V9"})
    assert shop.perform("parties.change_customer", {"customer": "C0001", "vendor_account": None})["vendor_id"] is None
    assert_sound(shop)


def test_a_one_time_vendor_comes_from_a_template(shop: Shop, vendor: dict):
    with pytest.raises(Refused) as refused:
        shop.perform("parties.create_one_time_vendor", {"customer": "C0001"})
    assert codes(refused) == ["PARTIES_NO_TEMPLATE"]
    shop.set_setting("parties.one_time_vendor_template", "V1")
    made = shop.perform("parties.create_one_time_vendor", {"name": "Plumber"})
    assert (made["name"], made["one_time"], made["due_days"], made["language"]) == ("Plumber", True, 14, "nl")
    of_customer = shop.perform("parties.create_one_time_vendor", {"customer": "C0001"})
    assert of_customer["name"] == "Customer C0001"
    assert shop.perform("parties.read_customer", {"customer": "C0001"})["vendor_id"] == of_customer["id"]
    address = {"lines": ["Havenweg 4"], "city": "Rotterdam", "country": "NL"}
    added = shop.perform("parties.add_vendor_address", {"vendor": made["number"], "address": address})
    assert shop.perform("parties.list_vendor_addresses", {"vendor": made["number"]})["items"] == [added]
    assert_sound(shop)
