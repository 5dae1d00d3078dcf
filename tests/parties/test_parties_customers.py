"""Customers and their addresses: created, found, changed, blocked, loaded."""

import re

import pytest

from kassa.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted, PreconditionFailed, Refused
from kassa.kernel.permissions import Actor
from kassa.parties.facts import customer, customers
from kassa.parties.operations.customers import made_up_number


def codes(error):
    return [(issue.code, issue.pointer) for issue in error.value.issues]


POINT = {"latitude": "52.37531", "longitude": "4.895885"}
DAMRAK = {"lines": ["Damrak 1"], "postal_code": "1012 LG", "city": "Amsterdam", "region": None, "country": "NL", "coordinates": POINT}


def test_a_customer_is_created_and_read_by_number_and_id(do):
    made = do("parties.create_customer", number="C-1", name="Ada Jansen", email="ada@example.com", language="nl-BE")
    assert (made["currency"], made["blocked"], made["version"]) == ("EUR", "none", 1)
    assert do("parties.read_customer", customer="C-1") == do("parties.read_customer", customer=made["id"]) == made
    with pytest.raises(NotFound):
        do("parties.read_customer", customer="c-1")
    with pytest.raises(Conflict) as error:
        do("parties.create_customer", number="C-1", name="Another")
    assert codes(error) == [("KEY_TAKEN", "/number")]


def test_a_number_is_made_up_where_none_is_given(do):
    made = [do("parties.create_customer", name="Ada") for _ in range(20)]
    assert len({customer["number"] for customer in made}) == 20
    assert all(re.fullmatch("C[0-9A-HJKMNP-TV-Z]{8}", customer["number"]) for customer in made)
    assert made_up_number("01a1f900-0000-7000-8000-0123456789ab") == made_up_number(
        "ffffffff-0000-7000-8000-f00123456789ab"[:24] + "0123456789ab"
    )


def test_customers_belong_to_one_legal_entity(do):
    do("parties.create_customer", number="C-1", name="Ada")
    other = do("org.create_legal_entity", code="BE01", name="N.V.", currency="EUR", time_zone="Europe/Brussels")
    elsewhere = do.by(do.actor, other["id"])
    with pytest.raises(NotFound):
        elsewhere("parties.read_customer", customer="C-1")
    assert elsewhere("parties.create_customer", number="C-1", name="Bob")["name"] == "Bob"
    assert [item["name"] for item in elsewhere("parties.list_customers")["items"]] == ["Bob"]


def test_a_change_touches_what_is_sent_and_null_takes_away(do):
    made = do("parties.create_customer", number="C-1", name="Ada", email="ada@example.com", phone="020")
    changed = do("parties.change_customer", customer="C-1", name="Ada Jansen", phone=None, if_match=1)
    assert changed == {**made, "name": "Ada Jansen", "phone": None, "version": 2}
    assert do("parties.read_customer", customer="C-1") == changed
    with pytest.raises(PreconditionFailed):
        do("parties.change_customer", customer="C-1", name="Eve", if_match=1)


def test_blocking_needs_a_right_of_its_own(do):
    do("parties.create_customer", number="C-1", name="Ada")
    do("parties.create_customer", number="C-2", name="Bob")
    cashier = do.by(Actor(id="c", name="C", permissions=frozenset(("parties.change", "parties.read"))))
    for change in ({"blocked": "all"}, {"invoice_account": "C-2"}, {"invoice_account": None}):
        with pytest.raises(NotPermitted) as error:
            cashier("parties.change_customer", customer="C-1", **change)
        assert error.value.permission == "parties.block"
    with pytest.raises(NotPermitted):
        cashier("parties.create_customer", name="Eve", invoice_account="C-2")
    assert cashier("parties.change_customer", customer="C-1", name="Ada J.")["name"] == "Ada J."
    assert do("parties.change_customer", customer="C-1", blocked="invoice")["blocked"] == "invoice"
    assert [item["number"] for item in do("parties.list_customers", blocked="invoice")["items"]] == ["C-1"]


def test_invoices_go_to_one_other_customer_and_no_further(do):
    first, second, third = (do("parties.create_customer", number=f"C-{place}", name="X") for place in (1, 2, 3))
    assert do("parties.change_customer", customer="C-1", invoice_account="C-2")["invoice_account_id"] == second["id"]
    assert do("parties.create_customer", number="C-4", name="X", invoice_account="C-2")["invoice_account_id"] == second["id"]
    for reference, account in (("C-3", "C-3"), ("C-3", "C-1"), ("C-2", "C-3"), ("C-2", "C-1")):
        with pytest.raises(Refused) as error:
            do("parties.change_customer", customer=reference, invoice_account=account)
        assert codes(error) == [("PARTIES_INVOICE_ACCOUNT", "/invoice_account")]
    with pytest.raises(NotFound):
        do("parties.change_customer", customer="C-3", invoice_account="C-9")
    assert do("parties.change_customer", customer="C-1", invoice_account=None)["invoice_account_id"] is None
    assert first["id"] < second["id"] < third["id"]


@pytest.mark.parametrize(
    "field,value", [("email", "ada"), ("email", "a b@c"), ("language", "Dutch"), ("currency", "XXX"), ("name", " "), ("number", " C")]
)
def test_fields_of_the_wrong_form_are_refused(do, field, value):
    with pytest.raises(InvalidInput) as error:
        do("parties.create_customer", **({"name": "Ada"} | {field: value}))
    assert [issue.pointer for issue in error.value.issues] == [f"/{field}"]


def test_facts_give_customers_by_number_or_id_and_see_changes(do, ask):
    made = do("parties.create_customer", number="C-1", name="Ada", tax_number="NL1")
    do("parties.create_customer", number="C-2", name="Bob")
    found = ask(lambda context: customers(context, ["C-2", made["id"], "C-9", "C-1"]))
    assert {reference: customer.name for reference, customer in found.items()} == {"C-2": "Bob", made["id"]: "Ada", "C-1": "Ada"}
    assert (found["C-1"].tax_number, found["C-1"].blocked, found["C-1"].currency) == ("NL1", "none", "EUR")
    do("parties.change_customer", customer="C-1", blocked="all")
    assert ask(lambda context: customer(context, "C-1")).blocked == "all"
    with pytest.raises(NotFound):
        ask(lambda context: customer(context, "C-9"))


def test_lists_go_on_and_find_by_email(do):
    for place in range(5):
        do("parties.create_customer", number=f"C-{place}", name="X", email="x@example.com" if place % 2 else None)
    first = do("parties.list_customers", limit=3)
    rest = do("parties.list_customers", limit=3, after=first["next"])
    assert [item["number"] for item in first["items"] + rest["items"]] == [f"C-{place}" for place in range(5)]
    assert [item["number"] for item in do("parties.list_customers", email="x@example.com")["items"]] == ["C-1", "C-3"]


def test_one_address_of_each_kind_is_preferred(do):
    do("parties.create_customer", number="C-1", name="Ada")
    first = do("parties.add_address", customer="C-1", address=DAMRAK)
    second = do("parties.add_address", customer="C-1", address={**DAMRAK, "lines": ["Rokin 2", "achterom"]}, name="Bob")
    bill = do("parties.add_address", customer="C-1", kind="invoice", address=DAMRAK)
    assert (first["preferred"], second["preferred"], bill["preferred"]) == (True, False, True)
    assert second["address"]["lines"] == ["Rokin 2", "achterom"]
    changed = do("parties.change_address", customer="C-1", address_id=second["id"], preferred=True, if_match=1)
    assert changed == {**second, "preferred": True, "version": 2}
    third = do("parties.add_address", customer="C-1", address=DAMRAK, preferred=True)
    listed = do("parties.list_addresses", customer="C-1")["items"]
    assert [(item["id"], item["preferred"]) for item in listed] == [
        (first["id"], False),
        (second["id"], False),
        (bill["id"], True),
        (third["id"], True),
    ]


def test_an_address_is_changed_and_retired(do):
    do("parties.create_customer", number="C-1", name="Ada")
    do("parties.create_customer", number="C-2", name="Bob")
    made = do("parties.add_address", customer="C-1", address=DAMRAK, name="Desk")
    changed = do(
        "parties.change_address", customer="C-1", address_id=made["id"], address={**DAMRAK, "city": "Utrecht"}, name=None, active=False
    )
    assert changed == {**made, "address": {**DAMRAK, "city": "Utrecht"}, "name": None, "active": False, "version": 2}
    assert do("parties.list_addresses", customer="C-1")["items"] == [changed]
    with pytest.raises(NotFound):
        do("parties.change_address", customer="C-2", address_id=made["id"], active=True)


def test_customers_are_loaded_and_the_same_again_changes_nothing(do):
    entries = [{"number": f"C-{place}", "name": f"Customer {place}", "email": f"c{place}@example.com"} for place in range(700)]
    assert do("parties.load_customers", customers=entries) == {"created": 700, "changed": 0, "unchanged": 0}
    assert do("parties.load_customers", customers=entries) == {"created": 0, "changed": 0, "unchanged": 700}
    some = [{"number": "C-5", "name": "New name"}, {"number": "C-6"}, {"number": "C-999", "name": "Z", "currency": "GBP"}]
    assert do("parties.load_customers", customers=some) == {"created": 1, "changed": 1, "unchanged": 1}
    changed = do("parties.read_customer", customer="C-5")
    assert (changed["name"], changed["email"], changed["version"]) == ("New name", "c5@example.com", 2)


def test_with_any_mistake_nothing_is_loaded(do):
    do("parties.create_customer", number="C-1", name="Ada")
    with pytest.raises(Refused) as error:
        do(
            "parties.load_customers",
            customers=[
                {"number": "C-2"},
                {"number": "C-3", "name": "A"},
                {"number": "C-3", "name": "B"},
                {"number": "C-1", "currency": "GBP"},
            ],
        )
    assert codes(error) == [
        ("PARTIES_NAME_NEEDED", "/customers/0/name"),
        ("PARTIES_LISTED_TWICE", "/customers/2"),
        ("PARTIES_CURRENCY_FIXED", "/customers/3/currency"),
    ]
    assert [item["number"] for item in do("parties.list_customers")["items"]] == ["C-1"]
