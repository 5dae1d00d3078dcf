"""The text index: what words find, in which order, on both databases alike; any text is a question, never an error."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kassa.catalog.invariants import products_not_indexed
from kassa.catalog.search import search
from kassa.catalog.text_index import indexed, question, words


@pytest.fixture
def find(do):
    """Gives the numbers that a text finds."""

    def look(text, **more):
        return [item["number"] for item in do("catalog.search_products", text=text, **more)["items"]]

    return look


@pytest.fixture
def shop(do, product):
    """Some products."""
    product("85123A", "White hanging heart T-light holder")
    product("71053", "White metal lantern", keywords="lamp candle")
    product("22752", "Set 7 babushka nesting boxes")
    product("21730", "Glass star frosted T-light holder")
    product("CAFÉ1", "Crème brûlée torch, ØRSTED & Straße")
    return do


def test_all_words_must_be_found_in_any_order_and_any_case(shop, find):
    assert find("white heart") == find("HEART White") == ["85123A"]
    assert find("white lamp") == ["71053"]
    assert find("white babushka") == []
    assert set(find("t-light")) == {"85123A", "21730"}


def test_the_last_word_may_be_the_beginning_of_one(shop, find):
    assert find("glass fros") == ["21730"]
    assert find("fros glass") == [], "only the last word"
    assert set(find("wh")) == {"85123A", "71053"}
    assert find("7") == ["22752"], "one letter or digit stands for itself"


def test_accents_and_case_do_not_matter(shop, find):
    assert find("creme brulee") == find("CRÈME BRÛLÉE") == find("strasse") == find("cafe1") == ["CAFÉ1"]
    assert find("crème brûlée") == ["CAFÉ1"], "accents as characters of their own"


def test_a_number_or_barcode_typed_exactly_stands_first(shop, find, product):
    product("LAMP", "Something else", barcodes=[{"barcode": "4006381333931"}])
    product("OTHER", "Lamp lamp lamp")
    assert find("LAMP")[0] == "LAMP"
    assert set(find("LAMP")) == {"LAMP", "OTHER", "71053"}
    assert find(" 4006381333931 ") == ["LAMP"]
    assert find("8512") == ["85123A"], "the beginning of a number"


def test_names_weigh_more_than_keywords(do, product, find):
    product("A", "Something quite different altogether", keywords="lantern")
    product("B", "Lantern")
    assert find("lantern") == ["B", "A"]


def test_only_what_can_be_sold_is_found(shop, find, product):
    product("U", "White unreleased", release=None)
    product("X", "White blocked", release={"blocked": True})
    assert set(find("white")) == {"85123A", "71053"}
    assert find("U") == []
    assert find("X") == []
    shop("catalog.change_release", product="85123A", blocked=True)
    assert find("white") == ["71053"]


def test_changes_are_found_at_once_and_what_was_is_not(shop, find):
    shop("catalog.change_product", product="71053", name="Black metal lantern", keywords="torch")
    assert (find("white metal"), find("black metal"), find("lamp")) == ([], ["71053"], [])
    assert set(find("torch")) == {"71053", "CAFÉ1"}
    shop("catalog.change_product", product="71053", unit="box")
    assert find("black metal") == ["71053"]


def test_many_that_cannot_be_sold_do_not_hide_the_few_that_can(do, find):
    entries = [{"number": f"N{place}", "name": "Lamp lamp"} for place in range(450)]
    do("catalog.load_products", products=entries, item_model_group="AVERAGE")
    with do.engine.database.snapshot() as read:
        entity = read.value("SELECT id FROM org_legal_entity")
        alone = read.value("SELECT id FROM catalog_product WHERE number = 'N449'")
        assert search(read, entity, "lamp", 3, "p.product_id = ?", (alone,)) == [alone]
        assert len(search(read, entity, "lamp", 30)) == 30
        assert search(read, entity, "lamp", 30) == search(read, entity, "lamp", 60)[:30]


def test_prices_are_those_of_the_store_today(shop, do):
    do("catalog.enter_prices", price_list="RETAIL", prices=[{"product": "71053", "unit_price": "3.39", "from_date": "2026-03-02"}])
    (found,) = do("catalog.search_products", text="lantern", store="S001")["items"]
    assert (found["price"], found["currency"], found["unit"]) == ("3.39", "EUR", "pcs")
    assert do("catalog.search_products", text="lantern")["items"][0]["price"] is None
    assert do("catalog.search_products", text="hanging", store="S001")["items"][0]["price"] is None


def test_the_index_can_be_made_again(shop, find):
    assert shop("catalog.rebuild_search_index")["products"] == 5
    assert (find("white heart"), find("lamp")) == (["85123A"], ["71053"])
    shop("catalog.change_product", product="71053", name="Black")
    assert find("white metal") == []


def test_what_the_index_lacks_is_named(shop, database_kind):
    with shop.engine.database.snapshot() as read:
        assert list(products_not_indexed(read)) == []
    if database_kind == "sqlite":
        orm = shop.engine.database.orm
        with orm.connection_context(), orm.atomic():
            orm.execute_sql("DELETE FROM catalog_search_place WHERE place = 1")
        with shop.engine.database.snapshot() as read:
            assert [line.split()[1] for line in products_not_indexed(read)] == ["85123A:"]
        shop("catalog.rebuild_search_index")
        with shop.engine.database.snapshot() as read:
            assert list(products_not_indexed(read)) == []


ODD = [
    '"',
    "'",
    "a' OR 1=1 --",
    "NEAR(a b)",
    "white*",
    "^white",
    "white:A",
    "-white",
    "a AND",
    "NOT",
    "(",
    "🎁",
    "\\",
    "%",
    "_",
    "!!!",
    "&|!<->",
    "* *",
]


@pytest.mark.parametrize("text", ODD)
def test_odd_text_is_a_question_like_any_other(shop, find, text):
    assert set(find(text)) <= {"85123A", "71053", "22752", "21730", "CAFÉ1"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(text=st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60))
def test_no_text_breaks_the_index(shop, text):
    with shop.engine.database.snapshot() as read:
        entity = read.value("SELECT id FROM org_legal_entity")
        assert isinstance(search(read, entity, text, 5), list)


@given(text=st.text(max_size=60))
def test_folded_words_are_stable_and_harmless(text):
    found = words(text)
    assert all(word.isalnum() for word in found)
    assert words(" ".join(found)) == found
    assert indexed(text).split() == list(dict.fromkeys(found))
    assert (question(text, "sqlite") is None) == (not found) == (question(text, "postgresql") is None)
