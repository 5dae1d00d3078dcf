"""Events of a shop: each fact tells what the catalogue says, in its legal entity; records that are no documents too."""

import json

import pytest

from kassa.kernel import contributions as give
from kassa.kernel.announcing import FIELDS
from kassa.kernel.events import publish
from kassa.testing.builders import build_shop, furnish, line


@pytest.fixture
def shop(make_engine):
    """A shop of the core alone, with goods and customers."""
    return furnish(build_shop(make_engine(modules={})))


def events(shop):
    with shop.engine.database.snapshot() as read:
        rows = read.rows("SELECT type, legal_entity_id, subject, data FROM kernel_outbox ORDER BY id")
    return [(kind, entity, subject, json.loads(data)) for kind, entity, subject, data in rows]


def test_every_event_tells_what_the_catalogue_says(shop):
    order = shop.order(line("LAMP", "3"), customer="C0001")["number"]
    shop.deliver(order, {1: "1"})
    shop.invoice(order)
    shop.deliver(order)
    shop.invoice(order)
    shop.pay("C0001", "50.00")
    shop.adjust({"VASE": "2"}, unit_cost="5.00")
    draft = shop.perform("sales.create_draft", {"kind": "cart", "store": shop.store, "lines": [line("LAMP", "1")]})
    shop.perform("sales.void_draft", {"draft": draft["id"], "note": "Gone"})
    shop.perform("catalog.change_product", {"product": "LAMP", "name": "Brighter lamp"})
    types = {kind.name: kind for kind in shop.engine.registry.all(give.EventType)}
    found = events(shop)
    for kind, entity, subject, data in found:
        fields = set(types[kind].fields) or {"document", "number"}
        assert set(data) <= fields, (kind, data)
        if "document" in data:
            assert (data["document"], entity) == (subject, shop.legal_entity_id)
    told = {kind for kind, *_ in found}
    assert {"sales.order_created", "sales.packing_slip_posted", "sales.invoice_posted", "payments.payment_posted", "stock.adjusted"} <= told
    assert {"sales.draft_ended", "catalog.product_created", "parties.customer_created", "org.store_created"} <= told


def test_examples_of_the_catalogue_have_the_fields_that_it_names(shop):
    for kind in shop.engine.registry.all(give.EventType):
        assert set(kind.example) == set(kind.fields), kind.name


def test_a_change_of_a_record_is_told_once_with_where_it_is_read(shop):
    before = len(events(shop))
    shop.perform("catalog.change_product", {"product": "LAMP", "name": "Brighter lamp"})
    (told,) = events(shop)[before:]
    data = {"operation": "catalog.change_product", "resource": "/v1/products/LAMP"}
    assert told == ("catalog.product_changed", shop.legal_entity_id, None, data)
    assert set(data) == set(FIELDS)
    shop.preview("catalog.change_product", {"product": "LAMP", "name": "Dim lamp"})
    assert len(events(shop)) == before + 1
    publish(shop.engine)
    (listed,) = shop.perform("events.list", {"type": "catalog.product_changed"})["items"]
    assert listed["data"] == data


def told_by(shop, operation, command, **more):
    """What an operation tells: type and resource of each event."""
    before = len(events(shop))
    shop.perform(operation, command, **more)
    return [(kind, data.get("resource")) for kind, _, _, data in events(shop)[before:]]


def test_reference_data_of_the_books_are_told_when_they_change(shop):
    account = {"number": "1150", "name": "Staff", "type": "asset"}
    value = {"dimension": "department", "value": "TOYS", "name": "Toys"}
    default = {"owner": "store", "reference": shop.store, "dimension": "department", "value": "TOYS"}
    required = {"account": "4000", "dimension": "department", "rule": "required"}
    for operation, command, kind, resource in (
        ("ledger.create_account", account, "ledger.account_created", "/ledger/accounts/1150"),
        ("ledger.change_account", {"account": "1150", "name": "People"}, "ledger.account_changed", "/ledger/accounts/1150"),
        ("ledger.assign_account", {"role": "receivable", "account": "1100"}, "ledger.account_assigned", "/ledger/account-roles/receivable"),
        ("ledger.create_dimension_value", value, "ledger.dimension_value_created", "/ledger/dimensions/department/values"),
        ("ledger.change_dimension_value", {**value, "name": "Games"}, "ledger.dimension_value_changed", "/ledger/dimensions/department/values/TOYS"),
        ("ledger.set_dimension_default", default, "ledger.dimension_default_set", "/ledger/dimension-defaults"),
        ("ledger.set_account_dimension", required, "ledger.account_dimension_set", "/ledger/accounts/4000/dimensions/department"),
        ("ledger.enter_exchange_rate", {"currency": "USD", "from_date": "2026-01-01", "rate": "0.9"}, "ledger.exchange_rate_entered", "/ledger/exchange-rates"),
    ):  # fmt: skip
        edits = {"if_match": 1} if operation in ("ledger.change_account", "ledger.change_dimension_value") else {}
        assert told_by(shop, operation, command, **edits) == [(kind, f"/v1{resource}")], operation


UNTOLD = {
    "catalog.rebuild_search_index", "jobs.resume", "jobs.stop", "sales.start_import", "sales.change_draft", "sales.recalculate_draft",
    "org.sign_in", "org.sign_out", "org.renew_session", "org.countersign", "org.set_credential", "org.remove_credential",
    "org.unlock_worker", "org.unlock_api_key", "org.revoke_signing_key",
}  # fmt: skip
"""Edits that are no facts of the trade: of the index, of jobs, of drafts, and of who is who, which the audit trail tells."""
BY_THEMSELVES = ("approvals.", "limits.", "schedules.", "settings.", "webhooks.", "sales.void_draft", "ledger.change_period")
"""Edits whose handler plans an event of its own."""


def test_every_edit_of_a_record_announces_it(shop):
    edits = [operation for operation in shop.engine.registry.all(give.Operation) if operation.effect == "edit" and operation.on is None]
    silent = {operation.name for operation in edits if operation.announces is None and not operation.name.startswith(BY_THEMSELVES)}
    assert silent == UNTOLD
