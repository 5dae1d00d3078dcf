"""Places and offers over HTTP: hierarchies, stores near a point, variants and discounts, as a back office and a till call them."""

import pytest

from kassa.testing.databases import kinds
from kassa.testing.ledger import assert_sound
from kassa_flask import HostConfig, create_app


@pytest.fixture(params=kinds())
def database_kind(request):
    """Both databases."""
    return request.param


@pytest.fixture
def caller(core_shop, lines, call_with):
    """Makes callers of the shop's API by their key."""
    app = create_app(core_shop.engine, HostConfig(logger=lines.logger, rate_limit="", refusal_limit=""))
    return lambda token: call_with(app, token)


def test_a_hierarchy_is_built_and_read(key_of, caller, expect_problem):
    office = caller(key_of("integrator"))
    made = office.post("/v1/hierarchies", {"code": "REGIONS", "name": "Regions", "purpose": "reporting"})
    assert made.status_code == 201, made.text
    assert office.get(made.headers["Location"]).get_json()["code"] == "REGIONS"
    assert office.post("/v1/hierarchies/REGIONS/nodes", {"code": "NORTH", "valid_from": "2020-01-01"}).status_code == 201
    store = {"code": "S001", "store": "S001", "parent": "NORTH", "valid_from": "2020-01-01"}
    assert office.post("/v1/hierarchies/REGIONS/nodes", store).status_code == 201
    till = caller(key_of("cashier", store="S001"))
    assert [node["code"] for node in till.get("/v1/hierarchies/REGIONS/nodes").get_json()["nodes"]] == ["NORTH", "S001"]
    moved = {"parent": "S001", "valid_from": "2030-01-01"}
    expect_problem(office.post("/v1/hierarchies/REGIONS/nodes/NORTH/placements", moved), 422, "ORG_NODE_CIRCLE")
    expect_problem(till.post("/v1/hierarchies/REGIONS/nodes", {"code": "X", "valid_from": "2020-01-01"}), 403, "NOT_PERMITTED")


def test_stores_near_a_point_are_asked_by_query(key_of, caller, expect_problem):
    office = caller(key_of("integrator"))
    seen = office.get("/v1/stores/S001")
    address = {"lines": ["Dam 1"], "country": "NL", "coordinates": {"latitude": "52.37308", "longitude": "4.892453"}}
    changed = office.patch("/v1/stores/S001", {"address": address}, headers={"If-Match": seen.headers["ETag"]})
    assert changed.get_json()["address"]["coordinates"] == address["coordinates"]
    (near,) = office.get("/v1/stores/near?latitude=52.37&longitude=4.89&within=1000").get_json()["items"]
    assert (near["number"], near["distance"]) == ("S001", 381)
    assert office.get("/v1/stores/near?latitude=-52.37&longitude=4.89&within=1000").get_json()["items"] == []
    expect_problem(office.get("/v1/stores/near?latitude=91&longitude=4.89"), 422, "INPUT_INVALID")
    assert [place["code"] for place in office.get("/v1/stores/S001/fulfilment-locations?way=pick_up").get_json()["items"]] == ["S001"]


def test_a_variant_is_made_discounted_found_and_sold(core_shop, key_of, caller):
    office = caller(key_of("integrator"))
    shirt = {"number": "SHIRT", "name": "Shirt", "item_model_group": "AVERAGE", "dimensions": ["size"], "release": {"standard_cost": "4"}}
    assert office.post("/v1/products", shirt).status_code == 201
    added = office.post("/v1/products/SHIRT/variants", {"generate": {"size": ["S", "M"]}})
    assert [variant["number"] for variant in added.get_json()["added"]] == ["SHIRT-S", "SHIRT-M"]
    core_shop.set_price("SHIRT", "20")
    core_shop.adjust({"SHIRT-M": "3"})
    spring = {"code": "SPRING", "name": "Spring", "rate": "0.25", "product": "SHIRT", "from_date": "2020-01-01"}
    assert office.post("/v1/discounts", spring).headers["Location"].startswith("/v1/discounts/")
    till = caller(key_of("cashier", store="S001", register="T1"))
    found = till.get("/v1/products/search?text=shirt&store=S001&scope=released").get_json()["items"]
    assert {(item["number"], item["price"]) for item in found} == {("SHIRT-S", "20"), ("SHIRT-M", "20")}
    sale = {"lines": [{"product": "SHIRT-M", "quantity": "1"}], "payments": [{"tender": "cash", "amount": "15.00"}]}
    sold = till.post("/v1/sales", sale, headers={"Idempotency-Key": "T1-1"})
    assert (sold.status_code, sold.get_json()["total"]) == (201, "15.00"), sold.text
    assert_sound(core_shop)
