"""What belongs to another legal entity is not there: for every operation and every field that can name something, at every place.

The operations are those of the registry, so one of a new plugin is tried the day it registers. Each is asked about something of
another legal entity and about nothing at all, in the same words; the answers must be the same.
"""

import json
import re

import pytest

from kassa.kernel.clock import FixedClock
from kassa.kernel.contributions import Operation
from kassa.kernel.errors import KassaError, OverrideRequired
from kassa.kernel.permissions import Actor
from kassa.kernel.schema.shapes import ListOf, Record, fields_of
from kassa.kernel.values import new_id
from kassa.org.access import authenticate
from kassa.testing.builders import build_shop, furnish, line

ABSENT_ID = "01a1f900-0000-7000-8000-00000000dead"
SAMPLE_ID = "01a1f900-0000-7000-8000-00000000beef"
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OURS = {
    "product": "LAMP", "products": "LAMP", "store": "S001", "customer": "C0001", "warehouse": "S001", "from_warehouse": "S001", "quantity": "1",
    "to_warehouse": "W1", "price_list": "RETAIL", "tax_group": "STANDARD", "item_model_group": "AVERAGE", "date": "2026-03-02",
    "permission": "sales.override_price", "role": "cashier", "reason": "opening",
}  # fmt: skip
"""What fields of an otherwise good request hold."""
PLACES = {
    "api_key": "SELECT k.id FROM org_api_key k JOIN org_store t ON t.id = k.store_id WHERE t.legal_entity_id = ?",
    "grant": "SELECT id FROM org_role_grant WHERE legal_entity_id = ?",
    "job": "SELECT id FROM kernel_job WHERE legal_entity_id = ?",
    "store_id": "SELECT id FROM org_store WHERE legal_entity_id = ?",
    "account": "SELECT number FROM ledger_account WHERE number = '9876' AND legal_entity_id = ?",
    "address_id": "SELECT a.id FROM parties_address a JOIN parties_customer c ON c.id = a.party_id WHERE c.legal_entity_id = ?",
    "charge_code": "SELECT code FROM sales_charge_code WHERE legal_entity_id = ?",
    "customer": "SELECT number FROM parties_customer WHERE legal_entity_id = ?",
    "discount": "SELECT code FROM catalog_discount WHERE legal_entity_id = ?",
    "fulfilment_group": "SELECT code FROM org_fulfilment_group WHERE legal_entity_id = ?",
    "item_model_group": "SELECT code FROM catalog_item_model_group WHERE legal_entity_id = ?",
    "legal_entity": "SELECT code FROM org_legal_entity WHERE id = ?",
    "period": "SELECT id FROM ledger_period WHERE legal_entity_id = ?",
    "place": "SELECT code FROM org_place WHERE legal_entity_id = ?",
    "price_list": "SELECT code FROM catalog_price_list WHERE legal_entity_id = ?",
    "profile": "SELECT code FROM org_profile WHERE legal_entity_id = ?",
    "reason_code": "SELECT id FROM org_reason_code WHERE legal_entity_id = ?",
    "return_policy": "SELECT code FROM org_return_policy WHERE legal_entity_id = ?",
    "session": "SELECT s.id FROM org_session s JOIN org_store t ON t.id = s.store_id WHERE t.legal_entity_id = ?",
    "store": "SELECT number FROM org_store WHERE legal_entity_id = ?",
    "token": "SELECT id FROM kernel_approval WHERE legal_entity_id = ?",
    "warehouse": "SELECT code FROM org_warehouse WHERE legal_entity_id = ?",
}
"""Where what has a code of its own in each legal entity stands; ids of documents are tried at every field besides."""
ALIKE = {
    "from_warehouse": "warehouse", "to_warehouse": "warehouse", "quarantine_warehouse": "warehouse", "invoice_account": "customer",
    "stores": "store", "legal_entities": "legal_entity", "return_place": "place",
    "target_id": "store_id", "hierarchy": "store_id", "node": "store_id",
}  # fmt: skip
SHARED = {"product", "products", "category", "worker", "barcode", "colour", "size", "style", "configuration", "kid", "parent", "role", "permission"}
"""Named by all legal entities alike."""


@pytest.fixture
def database_kind():
    """SQLite alone: that both databases find alike is shown where each thing is looked up."""
    return "sqlite"


@pytest.fixture
def ours(make_engine):
    """A shop in NL01."""
    shop = furnish(build_shop(make_engine(clock=FixedClock("2026-03-02T10:00:00Z"))))
    shop.perform("org.create_warehouse", {"code": "W1", "name": "Second"})
    return shop


@pytest.fixture
def theirs(ours):
    """A shop of somebody else in BE01, with something of every kind."""
    shop = build_shop(ours.engine, code="BE01", store="S900", taxes={"BTW6": "0.06"})
    for product in ("LAMP", "VASE"):
        shop.perform("catalog.release_product", {"product": product, "standard_cost": "60.00"})
        shop.set_price(product, "100.00")
    shop.adjust({"LAMP": "10", "VASE": "10"})
    shop.add_customer("C900")
    made = {
        "parties.add_address": {"customer": "C900", "address": {"lines": ["Meir 1"], "country": "BE"}},
        "org.create_warehouse": {"code": "W900", "name": "Theirs"},
        "org.create_reason_code": {"code": "R900", "purpose": "price_override", "name": "Theirs"},
        "org.create_profile": {"code": "P900", "name": "Theirs"},
        "org.create_place": {"warehouse": "W900", "code": "L900", "name": "Theirs"},
        "org.create_fulfilment_group": {"code": "F900", "name": "Theirs", "stores": ["S900"]},
        "catalog.create_price_list": {"code": "PL900", "name": "Theirs"},
        "catalog.create_item_model_group": {"code": "M900"},
        "catalog.create_discount": {"code": "D900", "name": "Theirs", "rate": "0.1", "from_date": "2026-03-01"},
        "org.create_return_policy": {"code": "RP900", "name": "Theirs"},
        "sales.create_charge_code": {"code": "sc900", "name": "Theirs"},
        "ledger.create_account": {"number": "9876", "name": "Theirs", "type": "expense"},
    }
    for operation, command in made.items():
        shop.perform(operation, command)
    invoice, _ = shop.sale(line("LAMP"))
    order = shop.order(line("LAMP"), customer="C900")
    shop.pay("C900", "10.00")
    shop.perform("sales.create_draft", {"kind": "cart", "store": "S900", "lines": [line("VASE")]})
    shop.perform("stock.block", {"store": "S900", "reason": "damaged", "lines": [{"product": "LAMP", "quantity": "1"}]})
    shop.perform("stock.begin_count", {"store": "S900", "products": ["LAMP"]})
    lines = [{"product": "VASE", "quantity": "1"}]
    shop.perform("stock.reserve", {"store": "S900", "expires_at": "2026-03-09T12:00:00Z", "lines": lines})
    shop.perform("stock.create_transfer", {"from_warehouse": "S900", "to_warehouse": "W900", "lines": lines})
    command = {"store": "S900", "lines": [line("LAMP", unit_price="1.00")], "payments": [{"tender": "cash", "amount": "1.00"}]}
    cashier = shop.add_worker("W901", "cashier")
    with pytest.raises(OverrideRequired):
        shop.perform("sales.sell", command, actor=cashier)
    key = shop.perform("org.create_api_key", {"name": "Their till", "roles": ["till"], "store": "S900", "register": "T9"})
    shop.perform("org.set_credential", {"worker": "W901", "kind": "pin", "secret": "582047", "temporary": False})
    shop.perform("org.sign_in", {"worker": "W901", "pin": "582047"}, actor=authenticate(shop.engine, key["token"]))
    shop.perform("sales.start_invoice_run", {})
    assert invoice
    assert order["number"]
    return shop


@pytest.fixture
def foreign(ours, theirs):
    """What belongs to the other legal entity: ids of its documents, and by field what has a code there alone."""
    with ours.engine.database.snapshot() as read:
        entity, own = (theirs.legal_entity_id,), (ours.legal_entity_id,)
        kinds = "SELECT min(id) FROM kernel_document WHERE legal_entity_id = ? GROUP BY kind, type ORDER BY 1"
        ids = [row[0] for row in read.rows(kinds, entity)]
        ids += [row[0] for row in read.rows("SELECT min(lot_id) FROM stock_transaction WHERE legal_entity_id = ?", entity)]
        numbers = {row[0] for row in read.rows("SELECT value FROM kernel_document_key WHERE legal_entity_id = ?", entity)}
        numbers -= {row[0] for row in read.rows("SELECT value FROM kernel_document_key WHERE legal_entity_id = ?", own)}
        found = {}
        for field, sql in PLACES.items():
            named = {row[0] for row in read.rows(sql, entity)} - {row[0] for row in read.rows(sql, own)}
            found[field] = sorted(named)[:2]
    assert [field for field, named in found.items() if not named] == [], "there is something of every kind"
    return ids, sorted(numbers)[:4], found


@pytest.fixture
def owner_of(ours, open_client):
    """Makes the clients of keys that may do everything in some places."""

    def make(place):
        key = ours.perform("org.create_api_key", {"name": "Stranger", "roles": ["administrator"], **place})
        return open_client(ours.engine, key["token"])

    return make


@pytest.fixture(params=["one store", "any store"])
def stranger(request, ours):
    """Somebody who may do everything in NL01, in one store or in all of them, and nothing elsewhere."""
    stores = frozenset({ours.store_id}) if request.param == "one store" else None
    return Actor(
        id=new_id(), name="Stranger", all_permissions=True, legal_entities=frozenset({ours.legal_entity_id}), stores=stores,
        store_id=ours.store_id, register="T1", key_id=new_id(),
    )  # fmt: skip


def naming_fields(message, path=(), above=()):
    """The places of a request that can name something: each field that holds text of no fixed set."""
    for field in fields_of(message):
        if not field.readable:
            continue
        shape, place = field.shape, (*path, field.alias)
        while isinstance(shape, ListOf):
            shape, place = shape.item, (*place, 0)
        if isinstance(shape, Record):
            if shape.cls not in above:
                yield from naming_fields(shape.cls, place, (*above, shape.cls))
        elif getattr(shape, "json_type", None) == "string" and "enum" not in shape.openapi:
            yield place, shape


def sample(field):
    """A value that a field takes."""
    shape = field.shape
    if field.alias in OURS and not isinstance(shape, ListOf | Record):
        return OURS[field.alias]
    if isinstance(shape, ListOf):
        return [OURS.get(field.alias, "x") if not isinstance(shape.item, Record) else filled(shape.item.cls)]
    if isinstance(shape, Record):
        return filled(shape.cls)
    if field.examples:
        return field.examples[0]
    if "enum" in shape.openapi:
        return shape.openapi["enum"][0]
    formats = {"decimal": "1", "date": "2026-03-02", "date-time": "2026-03-09T12:00:00Z", "uuid": SAMPLE_ID}
    return formats.get(shape.openapi.get("format"), {"integer": 1, "boolean": True}.get(shape.json_type, "text"))


def filled(message):
    """A request with what must be given."""
    return {field.alias: sample(field) for field in fields_of(message) if field.readable and field.required}


def good(operation):
    """A request that names our own things."""
    base = filled(operation.request) | dict(operation.example or {})
    return base | {name: OURS[name] for name in base if name in OURS and isinstance(base[name], str)}


def with_value(message, command, place, value):
    """A request with a value at a place; what stands above it is made where it is missing."""
    command = json.loads(json.dumps(command))
    here, shapes = command, {field.alias: field for field in fields_of(message)}
    for step, following in zip(place, (*place[1:], None), strict=True):
        if following is None:
            here[step] = value
        elif isinstance(step, int):
            here = here[step]
            continue
        else:
            field = shapes[step]
            inner = field.shape
            while isinstance(inner, ListOf):
                inner = inner.item
            shapes = {field.alias: field for field in fields_of(inner.cls)} if isinstance(inner, Record) else {}
            empty = filled(inner.cls) if isinstance(inner, Record) else "x"
            if not here.get(step):
                here[step] = [empty] if following == 0 else empty
            if following == 0 and isinstance(here[step], list) and not here[step]:
                here[step] = [empty]
            here = here[step]
    return command


def answer(engine, operation, command, actor, reference):
    """What came of it, without the reference itself and what differs at every request."""
    options = {"preview": True} if operation.effect != "read" else {}
    try:
        body = engine.perform(operation, command, actor=actor, **options).body
    except KassaError as error:
        problem = error.as_problem()
        text = json.dumps([problem["status"], problem["code"], problem["detail"], problem["issues"]])
    else:
        kept = [200, body["issues"]] if operation.effect != "read" else [200, body]
        text = json.dumps(kept)
    return ID.sub("ID", text.replace(reference, "REFERENCE"))


def candidates(operation, place, shape, foreign):
    """Pairs of what is theirs and what is nowhere, to be named at a place."""
    ids, numbers, named = foreign
    field = next(step for step in reversed(place) if isinstance(step, str))
    if field in SHARED:
        return []
    kind = ALIKE.get(field, field)
    in_path = operation.http is not None and f"{{{field}}}" in operation.http.path
    pairs = [(value, ABSENT_ID if ID.fullmatch(value) else "".join(chr(ord(letter) % 26 + 65) for letter in value)) for value in named.get(kind, ())]
    if shape.openapi.get("format") == "uuid" or in_path or kind in named:
        pairs += [(value, ABSENT_ID) for value in ids]
    if in_path:
        pairs += [(value, f"{value[:-1]}X") for value in numbers]
    return pairs


def test_what_is_theirs_is_not_there_at_any_operation(ours, foreign, stranger):
    engine, told, tried, absent = ours.engine, [], 0, 0
    for operation in engine.registry.all(Operation):
        if operation.verify is not None:
            # It would be told first that the PIN is wrong, and soon that there were too many wrong ones.
            continue
        base = good(operation)
        for place, shape in naming_fields(operation.request):
            for theirs_, nothing in candidates(operation, place, shape, foreign):
                first = answer(engine, operation, with_value(operation.request, base, place, theirs_), stranger, theirs_)
                second = answer(engine, operation, with_value(operation.request, base, place, nothing), stranger, nothing)
                tried += 1
                absent += first.startswith("[404")
                if first != second:
                    told.append(f"{operation.name} {place} {theirs_}: {first[:300]} | {second[:300]}")
    assert not told, "\n".join(told)
    assert tried > 1000
    assert absent > tried // 3, "most of them reach the look-up"


@pytest.mark.parametrize("stranger", ["one store"], indirect=True)
def test_nobody_acts_in_a_store_out_of_scope(ours, stranger):
    ours.perform("org.create_store", {"number": "S002", "name": "Out of scope"})
    told, tried = [], []
    for operation in ours.engine.registry.all(Operation):
        if operation.scope == "acting_store" and any(place == ("store",) for place, _ in naming_fields(operation.request)):
            there, nowhere = (
                answer(ours.engine, operation, good(operation) | {"store": number}, stranger, number) for number in ("S002", "S999")
            )
            tried.append(operation.name)
            if there != nowhere or not there.startswith("[404"):
                told.append(f"{operation.name}: {there} | {nowhere}")
    assert not told, "\n".join(told)
    assert {"sales.sell", "sales.create_order"} <= set(tried)


def test_over_http_in_path_query_body_and_header(ours, theirs, owner_of):
    client = owner_of({"legal_entities": ["NL01"], "store": "S001", "register": "T1"})
    with ours.engine.database.snapshot() as read:
        order = read.value("SELECT id FROM kernel_document WHERE kind = 'order' AND legal_entity_id = ? LIMIT 1", (theirs.legal_entity_id,))
    sale = {"lines": [line("LAMP")], "payments": [{"tender": "cash", "amount": "100.00"}]}
    for theirs_, nothing, request in (
        (order, ABSENT_ID, lambda name: client.send("GET", f"/orders/{name}")),
        (order, ABSENT_ID, lambda name: client.send("GET", f"/orders/{name}/actions")),
        ("C900", "C901", lambda name: client.send("GET", f"/orders?customer={name}")),
        ("C900", "C901", lambda name: client.send("POST", "/sales", sale | {"customer": name})),
        ("S900", "S901", lambda name: client.send("POST", "/sales", sale | {"store": name})),
        ("S900", "S901", lambda name: client.send("GET", "/orders", headers={"Kassa-Store": name})),
        ("BE01", "BE02", lambda name: client.send("GET", "/orders", headers={"Kassa-Legal-Entity": name})),
    ):
        there, nowhere = request(theirs_), request(nothing)
        told = [re.sub(r'"request_id":"[^"]*"|"request_id": "[^"]*"', "", answered.text) for answered in (there, nowhere)]
        assert there.status_code == nowhere.status_code
        assert told[0].replace(theirs_, "X") == told[1].replace(nothing, "X")
