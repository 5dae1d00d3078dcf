"""A range by a plugin of 150 lines: an issue on any line that is sold, which somebody may approve; a scope; a port that is down."""

import pytest

from kassa import Unavailable
from kassa.testing.ledger import assert_sound

OUTSIDE = {
    "lines": [{"product": "LAMP", "quantity": "1"}, {"product": "VASE", "quantity": "1"}],
    "payments": [{"tender": "cash", "amount": "221.00"}],
}


@pytest.fixture
def place(open_place):
    """A shop that carries vases alone."""
    place = open_place("range")
    place.post("/range/products", {"product": "VASE"})
    return place


class Down:
    """A catalogue that cannot be reached."""

    def __init__(self, error):
        self.error = error

    def tell(self, number):
        """Fail."""
        raise self.error


@pytest.mark.parametrize("path, more", [("/sales", {}), ("/orders", {"payments": None})])
def test_what_is_not_carried_is_sold_once_somebody_allows_it(place, path, more):
    till, manager = place.as_("cashier", register="T1"), place.as_("store_manager")
    asked = {name: value for name, value in {**OUTSIDE, **more}.items() if value is not None}
    problem = till.post(path, asked, 409)
    (issue,) = problem["issues"]
    assert (issue["code"], issue["severity"], issue["pointer"], issue["plugin"]) == (
        "RANGE_OUTSIDE",
        "approvable",
        "/lines/0/product",
        "range",
    )
    assert [needed["permission"] for needed in problem["approval"]["issues"]] == ["range.sell_outside"]
    assert (problem["code"], place.get("/orders")["items"]) == ("RANGE_OVERRIDE_REQUIRED", [])
    token = problem["approval"]["token"]
    manager.post(f"/approvals/{token}/grant", {})
    done = till.send("POST", path, asked, **{"Kassa-Approval": token})
    assert (done.status_code, done.get_json()["total"]) == (201, "221.00")
    assert till.codes(path, asked, 409) == ["RANGE_OUTSIDE"], "an approval allows it once"
    assert manager.post(path, asked, 201)["total"] == "221.00", "who holds the permission asks nobody"
    assert_sound(place.shop)


def test_a_draft_tells_of_it_at_once_and_what_comes_back_needs_no_leave(place):
    till = place.as_("cashier", register="T1")
    cart = till.post("/drafts", {"lines": OUTSIDE["lines"]}, 201)
    assert [issue["code"] for issue in cart["issues"]] == ["RANGE_OUTSIDE"]
    back = {"customer": "C0001", "lines": [{"product": "LAMP", "quantity": "-1"}], "payments": [{"tender": "cash", "amount": "-100.00"}]}
    assert till.post("/sales", back, 201)["total"] == "-100.00"


def test_a_scope_finds_what_a_store_carries(place):
    def found(text, **more):
        asked = "".join(f"&{name}={value}" for name, value in {"store": "S001", **more}.items())
        return {item["number"] for item in place.get(f"/products/search?text={text}{asked}")["items"]}

    assert found("lamp") == {"LAMP"}
    assert found("lamp", scope="range.carried") == set()
    assert found("vase", scope="range.carried") == {"VASE"}


def test_a_port_that_is_down_fails_who_asks_it_and_nobody_else(place):
    services = place.shop.engine.services
    assert place.get("/range/catalogue/LAMP")["told"] == "All about LAMP"
    services.replace("range.catalogue", Down(Unavailable("The far catalogue does not answer.")))
    problem = place.get("/range/catalogue/LAMP", 503)
    assert (problem["code"], problem["detail"]) == ("UNAVAILABLE", "The far catalogue does not answer.")
    assert place.post("/sales", OUTSIDE, 201)["total"] == "221.00"
    services.replace("range.catalogue", Down(OSError("no route")))
    assert "range" in place.get("/range/catalogue/LAMP", 500)["detail"]
    services.replace("range.catalogue", None)
    assert place.get("/range/catalogue/LAMP")["told"] == "All about LAMP"
    assert_sound(place.shop)
