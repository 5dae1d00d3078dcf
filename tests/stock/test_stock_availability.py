"""Availability of many products at many places, from the books or as an estimate; counting; stock over HTTP."""

import pytest

from kassa.kernel.errors import PreconditionFailed, Refused, Unavailable
from kassa.testing.ledger import assert_sound, assert_voucher, has_voucher, stock_of
from kassa_flask import HostConfig, create_app


def _read(depot, *products, **more):
    return depot.perform("stock.read_availability", {"product": list(products), **more})


def _places(item, name):
    return {place["warehouse"]: place[name] for place in item["places"]}


def test_many_products_at_many_places_come_in_one_answer(depot):
    depot.adjust({"MUG": "9", "TEA": "3"})
    depot.transfer({"MUG": "4"}, immediate=True)
    sent = depot.transfer({"MUG": "2"})
    depot.perform("stock.ship_transfer", {"transfer": sent["id"], "lines": [{"line": 1, "quantity": "1"}]})
    depot.reserve("MUG", "1")
    found = _read(depot, "MUG", "TEA")
    assert (found["source"], found["reason"], found["as_of"]) == ("books", None, "2026-11-21T09:00:00.000000Z")
    mug, tea = found["items"]
    assert _places(mug, "available") == {"S001": "3", "W01": "4"}, "goods that wait for a decision are for nobody"
    assert (_places(mug, "inbound")["W01"], _places(mug, "in_transit")["W01"], _places(mug, "ordered")["W01"]) == ("2", "1", "1")
    assert _places(tea, "available") == {"S001": "3", "W01": "0"}
    assert [list(_places(item, "on_hand")) for item in _read(depot, "MUG", store="S001", warehouse=["W01"])["items"]] == [["S001", "W01"]]
    assert [list(_places(item, "on_hand")) for item in _read(depot, "MUG", store="S001")["items"]] == [["S001"]]


def test_a_product_that_is_not_here_has_no_places(depot):
    depot.perform("catalog.create_product", {"number": "FAR", "name": "Elsewhere", "item_model_group": "AVERAGE"})
    depot.add_product("WORK", price="1.00", kind="service")
    assert [(item["released"], item["stocked"], item["places"]) for item in _read(depot, "FAR", "WORK")["items"]] == [
        (False, True, []), (True, False, []),
    ]  # fmt: skip
    with pytest.raises(Refused) as refused:
        _read(depot, "MUG", "GONE")
    assert [(issue.code, issue.pointer) for issue in refused.value.issues] == [("STOCK_PRODUCT_UNKNOWN", "/product/1")]


class HeadOffice:
    """The books of stock are kept elsewhere."""

    def __init__(self, failure=None):
        self.failure, self.asked = failure, []

    def levels(self, products, warehouses):
        """What lies where, or what went wrong."""
        self.asked.append((products, warehouses))
        if self.failure is not None:
            raise self.failure
        return {("MUG", "W01"): {"on_hand": 7000, "reserved": 2000}}


def test_books_that_are_kept_elsewhere_are_asked(depot):
    depot.adjust({"MUG": "9"})
    depot.engine.services.replace("stock.availability", office := HeadOffice())
    found = _read(depot, "MUG", warehouse=["W01"])
    assert (found["source"], _places(found["items"][0], "available"), office.asked) == ("books", {"W01": "5"}, [(["MUG"], ["W01"])])


@pytest.mark.parametrize("failure", [Unavailable("The line is dead."), TimeoutError("2 s")])
def test_where_they_cannot_be_reached_the_answer_is_an_estimate(depot, failure):
    depot.adjust({"MUG": "9"})
    depot.engine.services.replace("stock.availability", HeadOffice(failure))
    found = _read(depot, "MUG")
    assert (found["source"], _places(found["items"][0], "available")["S001"]) == ("estimate", "9")
    assert str(failure.args[0]) in found["reason"]


def test_a_count_posts_what_was_found_differently(depot):
    depot.adjust({"MUG": "5", "TEA": "3", "INK": "2"}, unit_cost="2.00")
    count = depot.perform("stock.begin_count", {"store": "S001", "note": "Saturday"})
    assert [(found["product"], found["expected"], found["counted"]) for found in count["lines"]] == [
        ("INK", "2", None),
        ("MUG", "5", None),
        ("TEA", "3", None),
    ]
    depot.adjust({"MUG": "-1"}, reason="loss")
    with pytest.raises(Refused) as refused:
        depot.perform("stock.post_count", {"count": count["number"]})
    assert refused.value.code == "STOCK_NOTHING_TO_COUNT"
    lines = [{"product": "MUG", "counted": "4"}, {"product": "TEA", "counted": "3"}]
    depot.perform("stock.record_count", {"count": count["number"], "lines": lines})
    with pytest.raises(PreconditionFailed):
        depot.perform("stock.record_count", {"count": count["number"], "lines": lines}, if_match=1)
    posted = depot.perform("stock.post_count", {"count": count["number"]})
    assert (posted["state"], posted["adjustment"]) == ("posted", "ADJ-S001-000003")
    assert stock_of(depot, "MUG").on_hand == "3", "one was missing when the count began, and one was lost since"
    assert_voucher(depot, "ADJ-S001-000003", [("5100 Stock gains and losses", "2.00", None), ("1300 Inventory", None, "2.00")])
    assert depot.perform("stock.read_count", {"count": count["id"]})["adjustment"] == "ADJ-S001-000003"
    with pytest.raises(Refused):
        depot.perform("stock.post_count", {"count": count["number"]})
    assert_sound(depot)


def test_a_count_without_differences_and_one_that_is_cancelled_post_nothing(depot):
    depot.adjust({"MUG": "5"})
    count = depot.perform("stock.begin_count", {"store": "S001", "products": ["MUG", "TEA", "MUG"]})
    with pytest.raises(Refused) as refused:
        depot.perform("stock.record_count", {"count": count["id"], "lines": [{"product": "INK", "counted": "1"}]})
    assert refused.value.code == "STOCK_LINE_UNKNOWN"
    depot.perform("stock.record_count", {"count": count["id"], "lines": [{"product": "MUG", "counted": "5"}]})
    assert depot.perform("stock.post_count", {"count": count["id"]})["adjustment"] is None
    other = depot.perform("stock.begin_count", {"store": "S001"})
    assert depot.perform("stock.cancel_count", {"count": other["id"]})["state"] == "cancelled"
    assert [found["state"] for found in depot.perform("stock.list_counts", {"warehouse": "S001"})["items"]] == ["cancelled", "posted"]
    assert not has_voucher(depot, "ADJ-S001-000002")
    assert_sound(depot)


def test_stock_over_http(depot):
    depot.adjust({"MUG": "5"})
    token = depot.perform("org.create_api_key", {"name": "Clerk", "roles": ["stock_clerk"], "store": "S001"})["token"]
    client = create_app(depot.engine, HostConfig(rate_limit="", refusal_limit="")).test_client()
    said = {"Authorization": f"Bearer {token}"}

    def post(path, body, key):
        return client.post(f"/v1{path}", json=body, headers={**said, "Idempotency-Key": key})

    found = client.get("/v1/stock/availability?product=MUG&product=TEA&warehouse=S001", headers=said)
    assert [item["places"][0]["available"] for item in found.get_json()["items"]] == ["5", "0"]
    kept = post("/stock/reservations", {"lines": [{"product": "MUG", "quantity": "2"}]}, "1")
    assert (kept.status_code, kept.headers["Location"]) == (201, f"/v1/stock/reservations/{kept.get_json()['id']}")
    assert post("/stock/reservations", {"lines": [{"product": "MUG", "quantity": "2"}]}, "1").headers["Idempotent-Replayed"] == "true"
    assert post(f"/stock/reservations/{kept.get_json()['number']}/release", {}, "2").get_json()["state"] == "released"
    moved = post("/stock/transfers", {"from_warehouse": "S001", "to_warehouse": "Q01", "lines": [{"product": "MUG", "quantity": "1"}]}, "3")
    assert moved.status_code == 201, moved.text
    assert post(f"/stock/transfers/{moved.get_json()['number']}/shipments", {}, "4").get_json()["state"] == "in_transit"
    assert post("/stock/closings", {"through": "2026-10-31"}, "5").status_code == 403
    assert (
        post("/stock/blocks", {"reason": "wet", "lines": [{"product": "MUG", "quantity": "9"}]}, "6").get_json()["code"] == "STOCK_SHORTAGE"
    )
    assert_sound(depot)
