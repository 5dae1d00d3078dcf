"""Loading many products at once: created, brought up to date, again without effect, or nothing at all."""

import pytest

from kassa.kernel.errors import InvalidInput, NotPermitted, Refused
from kassa.kernel.permissions import Actor

GTIN = "4006381333931"


def codes(error):
    return [(issue.code, issue.pointer) for issue in error.value.issues]


@pytest.fixture
def load(do):
    """Loads products with the usual defaults."""

    def load_some(*products, **more):
        terms = {"item_model_group": "AVERAGE", "tax_group": "STANDARD", "price_list": "RETAIL"} | more
        return do("catalog.load_products", products=list(products), **terms)

    return load_some


def test_new_products_get_everything_at_once(do, load):
    do("catalog.create_category", code="LIGHTS", name="Lights")
    lamp = {
        "number": "P1",
        "name": "Lamp",
        "price": "2.55",
        "standard_cost": "1.2",
        "barcode": GTIN,
        "category": "LIGHTS",
        "keywords": "bulb",
    }
    done = load(lamp, {"number": "POST", "name": "Postage", "kind": "service"})
    assert done == {"created": 2, "changed": 0, "released": 2, "barcodes": 1, "prices": 1}
    made = do("catalog.read_product", product=GTIN)
    assert (made["number"], made["unit"], made["item_model_group"], made["keywords"]) == ("P1", "pcs", "AVERAGE", "bulb")
    assert (made["release"]["tax_group"], made["release"]["standard_cost"]) == ("STANDARD", "1.2")
    assert do("catalog.read_product", product="POST")["item_model_group"] is None
    (found,) = do("catalog.search_products", text="bulb", store="S001")["items"]
    assert found["price"] == "2.55"


def test_the_same_again_changes_nothing_also_on_a_later_day(do, load, clock):
    lamp = {"number": "P1", "name": "Lamp", "price": "2.55", "standard_cost": "1.2", "barcode": GTIN}
    load(lamp)
    before = do("catalog.read_product", product="P1")
    clock.advance(days=40)
    assert load(lamp) == {"created": 0, "changed": 0, "released": 0, "barcodes": 0, "prices": 0}
    assert do("catalog.read_product", product="P1") == before
    assert len(do("catalog.list_prices")["items"]) == 1


def test_what_differs_is_brought_up_to_date_and_what_is_left_out_stays(do, load):
    load({"number": "P1", "name": "Lamp", "unit": "box", "price": "2.55", "standard_cost": "1.2", "keywords": "bulb"})
    done = load({"number": "P1", "name": "Lantern", "price": "2.60", "standard_cost": "1.3", "barcode": "x-1"}, from_date="2026-05-01")
    assert done == {"created": 0, "changed": 1, "released": 1, "barcodes": 1, "prices": 1}
    made = do("catalog.read_product", product="P1")
    assert (made["name"], made["unit"], made["keywords"], made["version"]) == ("Lantern", "box", "bulb", 2)
    assert (made["release"]["standard_cost"], made["release"]["tax_group"]) == ("1.3", "STANDARD")
    assert [item["number"] for item in do("catalog.search_products", text="lantern bulb")["items"]] == ["P1"]
    assert do("catalog.search_products", text="lamp")["items"] == []
    assert [price["from_date"] for price in do("catalog.list_prices", product="P1")["items"]] == ["2026-03-02", "2026-05-01"]


def test_the_day_of_the_prices_is_that_of_the_legal_entity(do, load, clock):
    clock.set("2026-03-02T23:30:00Z")
    load({"number": "P1", "name": "Lamp", "price": "1"})
    assert do("catalog.list_prices")["items"][0]["from_date"] == "2026-03-03"


def test_every_mistake_is_named_and_nothing_happens(do, load):
    load({"number": "OLD", "name": "Old", "barcode": GTIN}, {"number": "S", "name": "Service", "kind": "service"})
    with pytest.raises(Refused) as error:
        load(
            {"number": "A", "name": "A", "item_model_group": "NONE"},
            {"number": "B"},
            {"number": "A", "name": "Again"},
            {"number": "C", "name": "C", "barcode": GTIN},
            {"number": "D", "name": "D", "barcode": "4006381333932"},
            {"number": "E", "name": "E", "category": "NOWHERE", "tax_group": "LOW"},
            {"number": "S", "kind": "goods"},
            {"number": "OLD", "item_model_group": "NOSTOCK"},
            {"number": "F", "name": "F", "barcode": "x"},
            {"number": "G", "name": "G", "barcode": "x"},
        )
    assert codes(error) == [
        ("CATALOG_ITEM_MODEL_GROUP", "/products/0/item_model_group"),
        ("CATALOG_NAME_NEEDED", "/products/1/name"),
        ("CATALOG_LISTED_TWICE", "/products/2"),
        ("CATALOG_BARCODE_TAKEN", "/products/3/barcode"),
        ("CATALOG_BARCODE_CHECK_DIGIT", "/products/4/barcode"),
        ("CATALOG_CATEGORY_UNKNOWN", "/products/5/category"),
        ("CATALOG_TAX_GROUP_UNKNOWN", "/products/5/tax_group"),
        ("CATALOG_KIND_FIXED", "/products/6/kind"),
        ("CATALOG_ITEM_MODEL_GROUP", "/products/7/item_model_group"),
        ("CATALOG_LISTED_TWICE", "/products/9/barcode"),
    ]
    assert [item["number"] for item in do("catalog.list_products")["items"]] == ["OLD", "S"]


def test_prices_need_a_list(do, load):
    with pytest.raises(Refused) as error:
        load({"number": "A", "name": "A", "price": "1"}, price_list=None)
    assert codes(error) == [("CATALOG_PRICE_LIST_NEEDED", "/price_list")]


def test_a_mistake_of_the_whole_request_is_named_once_and_of_very_many_the_first(load):
    entries = [{"number": f"N{place}", "name": "Lamp", "price": "1"} for place in range(250)]
    with pytest.raises(Refused) as error:
        load(*entries, price_list=None, tax_group="LOW")
    assert codes(error) == [("CATALOG_TAX_GROUP_UNKNOWN", "/tax_group"), ("CATALOG_PRICE_LIST_NEEDED", "/price_list")]
    with pytest.raises(Refused) as error:
        load(*({"number": f"N{place}"} for place in range(250)))
    assert len(error.value.issues) == 200
    assert "250 mistakes" in error.value.detail


def test_numbers_that_are_no_numbers_are_refused(do, load):
    for number in ("", " ", " A", "A ", "x" * 61):
        with pytest.raises(InvalidInput) as error:
            load({"number": number, "name": "A"})
        assert error.value.issues[0].pointer == "/products/0/number"


def test_five_thousand_are_one_request(do, load):
    entries = [{"number": f"N{place:05d}", "name": f"Lamp {place}", "price": "1.5"} for place in range(5000)]
    assert load(*entries)["created"] == 5000
    assert load(*entries) == {"created": 0, "changed": 0, "released": 0, "barcodes": 0, "prices": 0}
    assert [item["number"] for item in do("catalog.search_products", text="lamp 4321")["items"]] == ["N04321"]
    with pytest.raises(InvalidInput):
        load(*entries, {"number": "more", "name": "More"})


def test_prices_cannot_be_loaded_without_the_right_to_change_them(do, load):
    do.actor = Actor(id="l", name="L", permissions=frozenset(("catalog.change_products",)))
    with pytest.raises(NotPermitted) as error:
        load({"number": "A", "name": "A"})
    assert error.value.permission == "catalog.change_prices"
    assert load({"number": "A", "name": "A"}, price_list=None)["created"] == 1
