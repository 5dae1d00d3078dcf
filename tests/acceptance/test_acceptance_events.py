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
