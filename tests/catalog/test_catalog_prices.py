"""Prices and rates of tax: dated, kept, and the right one on each day."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kassa.catalog import facts
from kassa.catalog.dated import counting, endless, in_force
from kassa.kernel.errors import Conflict, Refused
from kassa.org.facts import store


def codes(error):
    return [(issue.code, issue.pointer) for issue in error.value.issues]


@pytest.fixture
def price(ask):
    """Gives the price of a product on a day in a store, in millionths."""

    def read(number, date, place="S001"):
        def look(context):
            product = facts.product(context, number)
            return facts.prices(context, store(context, place), [product], date).get(product.id)

        return ask(look)

    return read


@pytest.fixture
def enter(do):
    """Enters one price."""

    def enter_one(number, unit_price, first, last=None, price_list="RETAIL"):
        entry = {"product": number, "unit_price": unit_price, "from_date": first, "to_date": last}
        return do("catalog.enter_prices", price_list=price_list, prices=[entry])

    return enter_one


def test_the_price_with_the_latest_first_day_counts(product, enter, price):
    product("P1")
    enter("P1", "9.99", "2026-01-01")
    enter("P1", "7.50", "2026-03-01", "2026-03-31")
    enter("P1", "10.99", "2026-06-01")
    days = ("2025-12-31", "2026-01-01", "2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01", "2026-06-01")
    expected = [None, 9_990_000, 9_990_000, 7_500_000, 7_500_000, 9_990_000, 10_990_000]
    assert [price("P1", day) for day in days] == expected


def test_an_entry_for_the_same_first_day_takes_the_place_and_both_are_kept(do, product, enter, price):
    product("P1")
    enter("P1", "9.99", "2026-01-01")
    assert enter("P1", "9.99", "2026-01-01") | {"price_list_id": ""} == {"price_list_id": "", "entered": 0, "unchanged": 1}
    enter("P1", "8.99", "2026-01-01")
    enter("P1", "9.99", "2026-01-01", "2026-01-31")
    assert price("P1", "2026-01-15") == 9_990_000
    assert price("P1", "2026-02-01") is None
    kept = do("catalog.list_prices", product="P1")["items"]
    assert [(entry["unit_price"], entry["to_date"]) for entry in kept] == [("9.99", None), ("8.99", None), ("9.99", "2026-01-31")]


def test_the_list_of_a_store_goes_before_and_then_the_priority(do, product, enter, price):
    product("P1")
    do("org.create_store", number="S002", name="Utrecht")
    do("catalog.create_price_list", code="CITY", name="City", store="S001")
    do("catalog.create_price_list", code="PROMO", name="Promotion", priority=10)
    enter("P1", "10", "2026-01-01")
    assert price("P1", "2026-03-02") == 10_000_000
    enter("P1", "9", "2026-01-01", price_list="PROMO")
    assert price("P1", "2026-03-02") == 9_000_000
    enter("P1", "12", "2026-01-01", "2026-06-30", price_list="CITY")
    assert (price("P1", "2026-03-02"), price("P1", "2026-03-02", "S002"), price("P1", "2026-07-01")) == (12_000_000, 9_000_000, 9_000_000)
    do("catalog.change_price_list", price_list="RETAIL", priority=20, if_match=1)
    assert price("P1", "2026-07-01") == 10_000_000


def test_a_list_in_another_currency_does_not_count(do, product, enter, price):
    product("P1")
    do("catalog.create_price_list", code="POUND", name="Pound", currency="GBP", priority=9)
    enter("P1", "5", "2026-01-01", price_list="POUND")
    assert price("P1", "2026-03-02") is None


def test_prices_of_many_products_come_together(do, product, enter, ask):
    for number in ("P1", "P2", "P3"):
        product(number)
    enter("P1", "1", "2026-01-01")
    enter("P3", "0", "2026-01-01")

    def look(context):
        found = facts.products(context, ["P1", "P2", "P3"])
        prices = facts.prices(context, store(context, "S001"), found.values(), "2026-03-02")
        return {number: prices.get(product.id) for number, product in found.items()}

    assert ask(look) == {"P1": 1_000_000, "P2": None, "P3": 0}


def test_every_mistake_in_prices_is_named_and_nothing_entered(do, product):
    product("P1", barcodes=[{"barcode": "alias"}])
    with pytest.raises(Refused) as error:
        do(
            "catalog.enter_prices",
            price_list="RETAIL",
            prices=[
                {"product": "P1", "unit_price": "1", "from_date": "2026-01-01"},
                {"product": "P9", "unit_price": "1", "from_date": "2026-01-01"},
                {"product": "alias", "unit_price": "2", "from_date": "2026-01-01"},
                {"product": "P1", "unit_price": "1", "from_date": "2026-02-01", "to_date": "2026-01-31"},
            ],
        )
    assert codes(error) == [
        ("CATALOG_PRODUCT_UNKNOWN", "/prices/1/product"),
        ("CATALOG_LISTED_TWICE", "/prices/2"),
        ("CATALOG_DATES_CROSS", "/prices/3/to_date"),
    ]
    assert do("catalog.list_prices")["items"] == []


def test_price_lists_are_unique_and_listed(do):
    with pytest.raises(Conflict) as error:
        do("catalog.create_price_list", code="RETAIL", name="Again")
    assert codes(error) == [("KEY_TAKEN", "/code")]
    made = do("catalog.read_price_list", price_list="RETAIL")
    assert do("catalog.list_price_lists")["items"] == [made]
    assert do("catalog.change_price_list", price_list=made["id"], name="Prices") == {**made, "name": "Prices", "version": 2}


def test_prices_are_never_changed_in_the_table(do, product, enter):
    product("P1")
    enter("P1", "1", "2026-01-01")
    with do.engine.database.writer() as writer:
        from kassa.kernel.database import Write

        writer.begin()
        with pytest.raises(Exception, match="append-only"):
            writer.run([Write("UPDATE catalog_price SET unit_price_micro = ?", (5,))])
        writer.rollback()


def entity_of(do):
    return do("org.read_legal_entity", legal_entity="NL01")["id"]


def test_a_tax_group_has_the_rates_of_its_codes_on_the_day(do, ask):
    entity = entity_of(do)
    do("catalog.enter_tax_rate", code="VAT-HIGH", rate="0.22", from_date="2027-01-01")
    do("catalog.enter_tax_rate", code="ECO", rate="0.005", from_date="2026-01-01", to_date="2026-12-31")
    do("catalog.set_tax_group", tax_group="LAMPS", codes=["VAT-HIGH", "ECO"])
    rates = lambda group, day: [(rate.code, rate.rate) for rate in ask(lambda c: facts.tax_rates(c, entity, group, day))]  # noqa: E731
    assert rates("STANDARD", "2026-12-31") == [("VAT-HIGH", 210_000)]
    assert rates("STANDARD", "2027-01-01") == [("VAT-HIGH", 220_000)]
    assert rates("LAMPS", "2026-06-01") == [("ECO", 5_000), ("VAT-HIGH", 210_000)]
    assert rates(None, "2026-06-01") == []
    for group, day in (("LAMPS", "2027-01-01"), ("STANDARD", "2019-12-31"), ("NONE", "2026-01-01")):
        with pytest.raises(Refused) as error:
            rates(group, day)
        assert error.value.code == "CATALOG_NO_TAX_RATE"


def test_a_rate_entered_again_for_its_first_day_counts(do, ask):
    entity = entity_of(do)
    do("catalog.enter_tax_rate", code="VAT-HIGH", rate="0.19", from_date="2020-01-01")
    assert ask(lambda c: facts.tax_rates(c, entity, "STANDARD", "2026-01-01"))[0].rate == 190_000
    assert [item["rate"] for item in do("catalog.list_tax_codes", code="VAT-HIGH")["items"]] == ["0.21", "0.19"]


def test_a_tax_group_is_made_up_again(do, ask):
    entity = entity_of(do)
    do("catalog.enter_tax_rate", code="VAT-LOW", rate="0.09", from_date="2020-01-01")
    rates = lambda: [rate.code for rate in ask(lambda c: facts.tax_rates(c, entity, "STANDARD", "2026-01-01"))]  # noqa: E731
    do("catalog.set_tax_group", tax_group="STANDARD", codes=["VAT-LOW"])
    assert rates() == ["VAT-LOW"]
    do("catalog.set_tax_group", tax_group="STANDARD", codes=["VAT-HIGH", "VAT-LOW"])
    assert rates() == ["VAT-HIGH", "VAT-LOW"]
    assert do("catalog.list_tax_groups")["items"] == [
        {"tax_group": "STANDARD", "legal_entity_id": entity, "codes": ["VAT-HIGH", "VAT-LOW"]}
    ]
    with pytest.raises(Refused) as error:
        do("catalog.set_tax_group", tax_group="X", codes=["VAT-LOW", "NOPE"])
    assert codes(error) == [("CATALOG_TAX_CODE_UNKNOWN", "/codes/1")]


DAYS = st.integers(1, 28).map(lambda day: f"2026-01-{day:02d}")
ENTRIES = st.lists(st.tuples(DAYS, st.none() | DAYS, st.integers(0, 9)), max_size=8)


@given(entries=ENTRIES, day=DAYS)
def test_the_entry_in_force_is_the_one_that_a_plain_search_finds(entries, day):
    numbered = [(f"{place:02d}", *entry) for place, entry in enumerate(entries)]
    last_of = {first: (place, last, value) for place, first, last, value in numbered}
    covering = [(first, last, value) for first, (_, last, value) in last_of.items() if first <= day and (last is None or day <= last)]
    expected = max(covering, default=None, key=lambda entry: entry[0])
    assert in_force(counting(numbered), day) == (expected[2] if expected else None)
    assert endless(counting(numbered), day) == (expected[2] if expected and expected[1] is None else None)
