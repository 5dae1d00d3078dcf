"""Variants of masters: generated and entered, what they have from their master, and what is refused."""

import pytest

from kassa.catalog import facts
from kassa.kernel.errors import NotFound, Refused
from kassa.kernel.invariants import verify
from kassa.org.facts import store


def codes(error):
    return [(issue.code, issue.pointer) for issue in error.value.issues]


@pytest.fixture
def shirt(do, product):
    """A master SHIRT with sizes and colours, in the category WEAR, released and priced."""
    do("catalog.create_category", code="WEAR", name="Wear", return_policy="TEXTILES")
    made = product("SHIRT", "Shirt", dimensions=["colour", "size"], category="WEAR", keywords="blouse")
    do("catalog.enter_prices", price_list="RETAIL", prices=[{"product": "SHIRT", "unit_price": "20", "from_date": "2026-01-01"}])
    return made


@pytest.fixture
def variants(do, shirt):
    """SHIRT in S and M, red and blue."""
    return do("catalog.add_variants", product="SHIRT", generate={"size": ["S", "M"], "colour": ["red", "blue"]})


@pytest.fixture
def known(ask):
    """Gives what facts know of a product, and its price in S001."""

    def look(number):
        def find(context):
            found = facts.product(context, number)
            prices = facts.prices(context, store(context, "S001"), [found], "2026-03-02")
            return found, prices.get(found.id), facts.return_policy(context, found)

        return ask(find)

    return look


def test_every_combination_becomes_a_variant_with_a_number_and_a_name(do, shirt, variants):
    assert shirt["dimensions"] == ["size", "colour"]
    assert [(made["number"], made["name"]) for made in variants["added"]] == [
        ("SHIRT-S-red", "Shirt, S, red"),
        ("SHIRT-S-blue", "Shirt, S, blue"),
        ("SHIRT-M-red", "Shirt, M, red"),
        ("SHIRT-M-blue", "Shirt, M, blue"),
    ]
    again = do("catalog.add_variants", product="SHIRT", generate={"size": ["M", "L"], "colour": ["red"]})
    assert ([made["number"] for made in again["added"]], again["present"]) == (["SHIRT-L-red"], 1)
    assert [made["number"] for made in do("catalog.list_variants", product="SHIRT", colour="red")["items"]] == [
        "SHIRT-S-red",
        "SHIRT-M-red",
        "SHIRT-L-red",
    ]
    shown = do("catalog.read_product", product="SHIRT-M-red")
    assert (shown["master_id"], shown["variant"]) == (shirt["id"], {"size": "M", "colour": "red", "style": None, "configuration": None})
    assert verify(do.engine) == []


def test_what_a_variant_does_not_say_itself_its_master_says(do, shirt, variants, known):
    found, price, policy = known("SHIRT-M-red")
    assert (found.released, found.tax_group, found.standard_cost, found.costing, found.stocked) == (
        True, "STANDARD", 1_200_000, "moving_average", True,
    )  # fmt: skip
    assert (found.category_id, found.master_id, price, policy) == (shirt["category_id"], shirt["id"], 20_000_000, "TEXTILES")
    assert do("catalog.read_product", product="SHIRT-M-red")["release"]["product_id"] == shirt["id"]
    do("catalog.release_product", product="SHIRT-M-red", standard_cost="7")
    do("catalog.enter_prices", price_list="RETAIL", prices=[{"product": "SHIRT-M-red", "unit_price": "22", "from_date": "2026-01-01"}])
    do("catalog.create_category", code="SALE", name="Sale")
    do("catalog.change_product", product="SHIRT-M-red", category="SALE")
    own, price, policy = known("SHIRT-M-red")
    assert (own.standard_cost, own.tax_group, price, policy) == (7_000_000, None, 22_000_000, None)
    assert known("SHIRT-S-red")[1] == 20_000_000, "the others keep the master's"


def test_a_list_goes_before_and_within_it_a_variants_own_price(do, shirt, variants, known):
    do("catalog.create_price_list", code="CITY", name="City", store="S001")
    do("catalog.enter_prices", price_list="RETAIL", prices=[{"product": "SHIRT-M-red", "unit_price": "22", "from_date": "2026-01-01"}])
    do("catalog.enter_prices", price_list="CITY", prices=[{"product": "SHIRT", "unit_price": "18", "from_date": "2026-01-01"}])
    assert known("SHIRT-M-red")[1] == 18_000_000
    do("catalog.enter_prices", price_list="CITY", prices=[{"product": "SHIRT-M-red", "unit_price": "19", "from_date": "2026-01-01"}])
    assert (known("SHIRT-M-red")[1], known("SHIRT-S-red")[1]) == (19_000_000, 18_000_000)


def test_a_master_is_not_sold_and_not_found_its_variants_are(do, shirt, variants, known):
    assert known("SHIRT")[0].released is False
    find = lambda text: [item["number"] for item in do("catalog.search_products", text=text)["items"]]  # noqa: E731
    assert sorted(find("shirt")) == sorted(made["number"] for made in variants["added"])
    assert sorted(find("blouse m")) == ["SHIRT-M-blue", "SHIRT-M-red"]
    do("catalog.release_product", product="SHIRT-M-red", blocked=True)
    assert find("blouse m") == ["SHIRT-M-blue"]
    do("catalog.change_release", product="SHIRT", blocked=True)
    assert find("shirt") == []
    do("catalog.change_product", product="SHIRT", name="Tee")
    assert find("tee") == []
    assert verify(do.engine) == []


def test_variants_can_be_entered_with_numbers_and_barcodes(do, shirt):
    entry = {"size": "XL", "colour": "red", "number": "XL1", "name": "Big shirt", "barcode": "4006381333931"}
    made = do("catalog.add_variants", product="SHIRT", variants=[entry], generate={"size": ["XL"], "colour": ["red", "blue"]})
    assert [variant["number"] for variant in made["added"]] == ["XL1", "SHIRT-XL-blue"]
    assert do("catalog.read_product", product="4006381333931")["number"] == "XL1"


def test_every_mistake_is_named_and_nothing_added(do, shirt, product, variants):
    product("TAKEN", barcodes=[{"barcode": "4006381333931"}])
    with pytest.raises(Refused) as error:
        do(
            "catalog.add_variants",
            product="SHIRT",
            variants=[
                {"size": "M"},
                {"size": "M", "colour": "red", "style": "slim"},
                {"size": "M", "colour": "red", "number": "A"},
                {"size": "L", "colour": "red", "number": "TAKEN"},
                {"size": "L", "colour": "blue", "barcode": "4006381333931"},
                {"size": "L", "colour": "blue", "number": "B", "barcode": "4006381333930"},
            ],
        )
    assert codes(error) == [
        ("CATALOG_VARIANT_DIMENSIONS", "/variants/0"),
        ("CATALOG_VARIANT_DIMENSIONS", "/variants/1"),
        ("CATALOG_VARIANT_THERE", "/variants/2"),
        ("KEY_TAKEN", "/variants/3/number"),
        ("CATALOG_BARCODE_TAKEN", "/variants/4/barcode"),
        ("CATALOG_VARIANT_THERE", "/variants/5"),
        ("CATALOG_BARCODE_CHECK_DIGIT", "/variants/5/barcode"),
    ]
    assert len(do("catalog.list_variants", product="SHIRT")["items"]) == 4


@pytest.mark.parametrize(
    "command,expected",
    [
        ({"product": "PLAIN", "generate": {"size": ["S"]}}, ("CATALOG_NO_MASTER", "/product")),
        ({"product": "SHIRT", "generate": {"size": ["S"]}}, ("CATALOG_VARIANT_DIMENSIONS", "/generate")),
        ({"product": "SHIRT", "generate": {"size": ["S"], "colour": ["red"], "style": ["x"]}}, ("CATALOG_VARIANT_DIMENSIONS", "/generate")),
        (
            {"product": "SHIRT", "generate": {"size": [str(n) for n in range(30)], "colour": [str(n) for n in range(30)]}},
            ("CATALOG_TOO_MANY_VARIANTS", "/generate"),
        ),
    ],
)
def test_what_cannot_become_variants_is_refused(do, shirt, product, command, expected):
    product("PLAIN")
    with pytest.raises(Refused) as error:
        do("catalog.add_variants", **command)
    assert codes(error) == [expected]


def test_the_release_of_a_master_is_not_changed_through_a_variant(do, variants):
    with pytest.raises(NotFound):
        do("catalog.change_release", product="SHIRT-M-red", blocked=True)


def test_groups_say_whether_receipts_go_through_quarantine(do, product, known):
    group = do("catalog.create_item_model_group", code="FIFO", costing="fifo", quarantine_management=True)
    product("P1", item_model_group="FIFO")
    assert (known("P1")[0].costing, known("P1")[0].quarantine_management) == ("fifo", True)
    changed = do("catalog.change_item_model_group", item_model_group=group["id"], quarantine_management=False, if_match=1)
    assert do("catalog.read_item_model_group", item_model_group=group["id"]) == changed
    assert known("P1")[0].quarantine_management is False


def test_the_nearest_category_says_which_return_policy_counts(do, product, known):
    do("catalog.create_category", code="HOME", name="Home", return_policy="BULKY")
    do("catalog.create_category", code="GLASS", name="Glass", parent="HOME")
    product("P1", category="GLASS")
    product("P2")
    assert (known("P1")[2], known("P2")[2]) == ("BULKY", None)
    do("catalog.change_category", category="GLASS", return_policy="FRAGILE")
    assert known("P1")[2] == "FRAGILE"
