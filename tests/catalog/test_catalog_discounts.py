"""Discounts: dated, on products, categories or everything; which one is best; and price lists with and without tax."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kassa.catalog import facts
from kassa.catalog.discounting import amount_of, best_discount
from kassa.catalog.documents import Discount
from kassa.kernel.errors import Conflict, Refused
from kassa.kernel.invariants import verify
from kassa.org.facts import store


def codes(error):
    return [(issue.code, issue.pointer) for issue in error.value.issues]


@pytest.fixture
def create(do):
    """Creates a discount since 2026 began."""

    def make(code, **more):
        return do("catalog.create_discount", **{"code": code, "name": code, "from_date": "2026-01-01", **more})

    return make


@pytest.fixture
def offered(ask):
    """Gives the codes of the discounts that can be given on a product in a store on a day."""

    def look(number, date="2026-03-02", place="S001"):
        def find(context):
            found = facts.product(context, number)
            return [discount.code for discount in facts.discounts(context, store(context, place), [found], date).get(found.id, ())]

        return ask(find)

    return look


def test_a_discount_is_on_a_product_a_category_with_all_below_or_everything(do, product, create, offered):
    do("catalog.create_category", code="HOME", name="Home")
    do("catalog.create_category", code="LIGHTS", name="Lights", parent="HOME")
    do("catalog.create_category", code="LIGHTSABERS", name="Sabers", parent="HOME")
    product("LAMP", category="LIGHTS")
    product("SABER", category="LIGHTSABERS")
    product("PLAIN")
    create("ALL", rate="0.1")
    create("HOME", rate="0.1", category="HOME")
    create("LIGHTS", rate="0.1", category="LIGHTS")
    create("LAMP", amount="1", product="LAMP")
    assert offered("LAMP") == ["ALL", "HOME", "LAMP", "LIGHTS"]
    assert offered("SABER") == ["ALL", "HOME"]
    assert offered("PLAIN") == ["ALL"]


def test_a_discount_on_a_master_is_on_its_variants(do, product, create, offered):
    product("SHIRT", dimensions=["size"])
    do("catalog.add_variants", product="SHIRT", generate={"size": ["S"]})
    create("SHIRTS", rate="0.1", product="SHIRT")
    assert offered("SHIRT-S") == ["SHIRTS"]


def test_days_store_currency_and_list_narrow_a_discount(do, product, create, offered):
    product("LAMP")
    do("org.create_store", number="S002", name="London", currency="GBP")
    for code, unit_price in (("RETAIL", "10"), ("CITY", "9")):
        if code == "CITY":
            do("catalog.create_price_list", code="CITY", name="City", store="S001")
        dated = {"from_date": "2026-03-10"} if code == "CITY" else {"from_date": "2026-01-01"}
        do("catalog.enter_prices", price_list=code, prices=[{"product": "LAMP", "unit_price": unit_price, **dated}])
    create("MARCH", rate="0.1", from_date="2026-03-01", to_date="2026-03-31")
    create("HERE", rate="0.1", store="S001")
    create("EUROS", amount="1")
    create("POUNDS", amount="1", currency="GBP")
    create("LISTED", rate="0.1", price_list="RETAIL")
    assert offered("LAMP", "2026-02-28") == ["EUROS", "HERE", "LISTED"]
    assert offered("LAMP", "2026-03-01") == ["EUROS", "HERE", "LISTED", "MARCH"]
    assert offered("LAMP", "2026-03-31") == ["EUROS", "HERE", "MARCH"], "the price is from another list now"
    assert offered("LAMP", "2026-04-01") == ["EUROS", "HERE"]
    assert offered("LAMP", "2026-03-01", "S002") == ["MARCH", "POUNDS"]


def test_a_discount_ends_and_what_it_gives_never_changes(do, product, create, offered):
    product("LAMP")
    made = create("SPRING", rate="0.2", minimum_quantity="2.5")
    assert (made["rate"], made["minimum_quantity"]) == ("0.2", "2.5")
    changed = do("catalog.change_discount", discount="SPRING", to_date="2026-03-01", if_match=1)
    assert do("catalog.read_discount", discount="SPRING") == changed
    assert (offered("LAMP", "2026-03-01"), offered("LAMP")) == (["SPRING"], [])
    do("catalog.change_discount", discount="SPRING", to_date=None, active=False)
    assert offered("LAMP") == []
    assert do("catalog.list_discounts", active=True)["items"] == []
    assert [found["code"] for found in do("catalog.list_discounts", on="2026-03-01")["items"]] == ["SPRING"]
    assert do("catalog.list_discounts", on="2025-12-31")["items"] == []
    assert verify(do.engine) == []


@pytest.mark.parametrize(
    "more,expected",
    [
        ({}, [("CATALOG_DISCOUNT_UNFIT", "/rate")]),
        ({"rate": "0.1", "amount": "1"}, [("CATALOG_DISCOUNT_UNFIT", "/rate")]),
        ({"rate": "0.1", "product": "LAMP", "category": "X"}, [("CATALOG_DISCOUNT_UNFIT", "/category")]),
        ({"rate": "0.1", "to_date": "2025-12-31"}, [("CATALOG_DATES_CROSS", "/to_date")]),
    ],
)
def test_what_does_not_fit_together_is_refused(create, more, expected):
    with pytest.raises(Refused) as error:
        create("X", **more)
    assert codes(error) == expected


def test_a_code_that_is_taken_is_refused(create):
    create("X", rate="0.1")
    with pytest.raises(Conflict):
        create("X", rate="0.2")


def discount(code, *, rate=None, amount=None, minimum=0):
    return Discount(id=code, code=code, name=code, rate=rate, amount=amount, minimum=minimum)


def test_the_best_of_those_whose_quantity_is_reached_is_given():
    offers = [discount("TENTH", rate=100_000), discount("TWO", amount=2_000_000), discount("HALF", rate=500_000, minimum=3_000)]
    best = lambda quantity, price: best_discount(offers, quantity, price, 2)  # noqa: E731
    assert best(1_000, 10_000_000) == (offers[1], 200)
    assert best(1_000, 30_000_000) == (offers[0], 300)
    assert best(3_000, 10_000_000) == (offers[2], 1500)
    assert best(-3_000, 10_000_000) == (offers[2], -1500), "a return gets back what was paid"
    assert best(1_000, 1_500_000) == (offers[1], 150), "no more than the price"
    assert best(1_000, 0) is None
    assert best_discount([], 1_000, 1, 2) is None
    equal = [discount("B", rate=100_000), discount("A", amount=1_000_000)]
    assert best_discount(equal, 1_000, 10_000_000, 2)[0].code == "A"


OFFERS = st.lists(
    st.one_of(
        st.builds(discount, st.sampled_from("ABCDEF"), rate=st.integers(1, 10**6), minimum=st.integers(0, 5_000)),
        st.builds(discount, st.sampled_from("ABCDEF"), amount=st.integers(1, 10**9), minimum=st.integers(0, 5_000)),
    ),
    max_size=6,
    unique_by=lambda offer: offer.code,
)


@given(OFFERS, st.integers(-(10**6), 10**6), st.integers(0, 10**9), st.sampled_from((0, 2, 3)), st.randoms())
def test_a_discount_has_the_sign_of_its_line_and_depends_on_no_order(offers, quantity, price, exponent, random):
    found = best_discount(offers, quantity, price, exponent)
    mirrored = best_discount(offers, -quantity, price, exponent)
    shuffled = list(offers)
    random.shuffle(shuffled)
    assert best_discount(shuffled, quantity, price, exponent) == found
    assert mirrored == (None if found is None else (found[0], -found[1]))
    if found is not None:
        gross = amount_of(discount("ALL", rate=10**6), quantity, price, exponent)
        assert 0 < abs(found[1]) <= abs(gross)
        assert (found[1] > 0) is (quantity > 0)


def test_lists_count_where_the_store_says_the_same_of_tax(do, product, ask):
    product("P1")
    do("org.create_store", number="B2B", name="Trade counter", price_includes_tax=False)
    do("catalog.create_price_list", code="NET", name="Without tax", includes_tax=False, priority=5)
    do("catalog.create_price_list", code="GROSS", name="With tax", includes_tax=True, priority=4)
    for code, price in (("NET", "10"), ("GROSS", "12.10"), ("RETAIL", "99")):
        do("catalog.enter_prices", price_list=code, prices=[{"product": "P1", "unit_price": price, "from_date": "2026-01-01"}])

    def price(place):
        def find(context):
            found = facts.product(context, "P1")
            return facts.prices(context, store(context, place), [found], "2026-03-02")[found.id]

        return ask(find)

    assert (price("S001"), price("B2B")) == (12_100_000, 10_000_000)
    do("org.change_store", store="B2B", price_includes_tax=True)
    assert price("B2B") == 12_100_000, "at once"
    assert do("catalog.read_price_list", price_list="NET")["includes_tax"] is False
    assert do("catalog.read_price_list", price_list="RETAIL")["includes_tax"] is None, "it counts in every store"
