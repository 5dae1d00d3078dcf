"""Products, barcodes, releases and categories: created, found under every name, changed, and what is refused."""

import pytest

from kassa.catalog import facts
from kassa.catalog.invariants import categories_with_wrong_path
from kassa.kernel.errors import Conflict, NotFound, PreconditionFailed, Refused
from kassa.kernel.permissions import Actor

GTIN = "4006381333931"


def codes(error):
    return [(issue.code, issue.pointer) for issue in error.value.issues]


def test_a_product_is_found_by_number_barcode_and_id(do, product):
    made = product("85123A", "White hanging heart", barcodes=[{"barcode": GTIN}, {"barcode": "shelf-7"}])
    assert made["barcodes"] == [{"barcode": GTIN, "kind": "gtin"}, {"barcode": "shelf-7", "kind": "internal"}]
    for reference in ("85123A", GTIN, "0" + GTIN, "shelf-7", made["id"]):
        assert do("catalog.read_product", product=reference)["id"] == made["id"]
    for reference in ("85123a", "85123", "shelf-8", "nothing", "01a1f900-0000-7000-8000-000000000001"):
        with pytest.raises(NotFound):
            do("catalog.read_product", product=reference)


def test_numbers_differ_by_case_and_are_taken_once(do, product):
    upper, lower = product("15056BL"), product("15056bl")
    assert upper["id"] != lower["id"]
    with pytest.raises(Conflict) as error:
        product("15056BL")
    assert codes(error) == [("KEY_TAKEN", "/number")]


def test_a_number_goes_before_a_barcode_of_another_product(do, product):
    first = product("12345", barcodes=[{"barcode": "A-1"}])
    second = product("A-1")
    assert do("catalog.read_product", product="A-1")["id"] == second["id"]
    assert do("catalog.read_product", product="12345")["id"] == first["id"]


def test_a_upc_and_the_ean_with_a_leading_zero_are_one_code(do, product):
    made = product("P1", barcodes=[{"barcode": "036000291452"}])
    assert do("catalog.read_product", product="0036000291452")["id"] == made["id"]
    with pytest.raises(Refused) as error:
        product("P2", barcodes=[{"barcode": "00036000291452"}])
    assert codes(error) == [("CATALOG_BARCODE_TAKEN", "/barcodes/0/barcode")]


@pytest.mark.parametrize(
    "entry,code",
    [
        ({"barcode": "4006381333932"}, "CATALOG_BARCODE_CHECK_DIGIT"),
        ({"barcode": "12345670", "kind": "gtin"}, None),
        ({"barcode": "12345678"}, "CATALOG_BARCODE_CHECK_DIGIT"),
        ({"barcode": "12345678", "kind": "internal"}, None),
        ({"barcode": "123", "kind": "gtin"}, "CATALOG_BARCODE_CHECK_DIGIT"),
        ({"barcode": "123"}, None),
    ],
)
def test_check_digits_are_checked_unless_the_code_is_ones_own(do, product, entry, code):
    if code is None:
        assert product("P1", barcodes=[entry])["barcodes"][0]["barcode"] == entry["barcode"]
        return
    with pytest.raises(Refused) as error:
        product("P1", barcodes=[entry])
    assert codes(error) == [(code, "/barcodes/0/barcode")]


def test_every_mistake_of_a_product_is_named_at_once(do):
    with pytest.raises(Refused) as error:
        do(
            "catalog.create_product", number="P1", name="Lamp", item_model_group="FIFO", release={"tax_group": "LOW"},
            barcodes=[{"barcode": "4006381333932"}, {"barcode": "x"}, {"barcode": "x"}],
        )  # fmt: skip
    assert codes(error) == [
        ("CATALOG_ITEM_MODEL_GROUP", "/item_model_group"),
        ("CATALOG_BARCODE_CHECK_DIGIT", "/barcodes/0/barcode"),
        ("CATALOG_LISTED_TWICE", "/barcodes/2/barcode"),
        ("CATALOG_TAX_GROUP_UNKNOWN", "/release/tax_group"),
    ]
    assert do("catalog.list_products")["items"] == []


def test_goods_need_a_group_and_services_do_not(do):
    with pytest.raises(Refused) as error:
        do("catalog.create_product", number="P1", name="Lamp")
    assert codes(error) == [("CATALOG_ITEM_MODEL_GROUP", "/item_model_group")]
    assert do("catalog.create_product", number="POST", name="Postage", kind="service")["item_model_group"] is None


def test_a_removed_barcode_finds_nothing_and_can_be_given_away(do, product):
    first, second = product("P1", barcodes=[{"barcode": GTIN}]), product("P2")
    with pytest.raises(Conflict) as error:
        do("catalog.add_barcode", product="P2", barcode=GTIN)
    assert codes(error) == [("CATALOG_BARCODE_TAKEN", "/barcode")]
    assert do("catalog.remove_barcode", product="P1", barcode="0" + GTIN)["barcodes"] == []
    with pytest.raises(NotFound):
        do("catalog.read_product", product=GTIN)
    with pytest.raises(NotFound):
        do("catalog.remove_barcode", product="P1", barcode=GTIN)
    assert do("catalog.add_barcode", product="P2", barcode=GTIN)["barcodes"] == [{"barcode": GTIN, "kind": "gtin"}]
    assert do("catalog.add_barcode", product="P2", barcode=GTIN)["barcodes"] == [{"barcode": GTIN, "kind": "gtin"}], "again is no change"
    assert do("catalog.read_product", product=GTIN)["id"] == second["id"] != first["id"]


def test_a_change_touches_what_is_sent(do, product):
    made = product("P1", "Lamp", keywords="light")
    do("catalog.create_category", code="LIGHTS", name="Lights")
    changed = do("catalog.change_product", product="P1", name="Lantern", category="LIGHTS", if_match=1)
    category = do("catalog.read_category", category="LIGHTS")
    assert changed == {**made, "name": "Lantern", "category_id": category["id"], "version": 2}
    assert do("catalog.read_product", product="P1") == changed
    with pytest.raises(PreconditionFailed):
        do("catalog.change_product", product="P1", name="Lamp", if_match=1)
    assert do("catalog.change_product", product="P1", category=None)["category_id"] is None
    assert do("catalog.change_product", product="P1", if_match=3)["version"] == 3


def test_a_released_product_keeps_its_costing(do, product):
    product("P1")
    with pytest.raises(Refused) as error:
        do("catalog.change_product", product="P1", item_model_group="NOSTOCK")
    assert codes(error) == [("CATALOG_ITEM_MODEL_GROUP", "/item_model_group")]
    do("catalog.create_item_model_group", code="AVERAGE2")
    assert do("catalog.change_product", product="P1", item_model_group="AVERAGE2")["item_model_group"] == "AVERAGE2"
    product("P2", release=None)
    assert do("catalog.change_product", product="P2", item_model_group="NOSTOCK")["item_model_group"] == "NOSTOCK"


def test_a_release_is_one_per_legal_entity(do, product):
    made = product("P1", release=None)
    assert made["release"] is None
    with pytest.raises(NotFound):
        do("catalog.read_release", product="P1")
    release = do("catalog.release_product", product="P1", tax_group="STANDARD", standard_cost="4.2")
    assert (release["standard_cost"], release["tax_group"], release["blocked"]) == ("4.2", "STANDARD", False)
    with pytest.raises(Conflict) as error:
        do("catalog.release_product", product="P1")
    assert codes(error) == [("CATALOG_ALREADY_RELEASED", "/product")]
    changed = do("catalog.change_release", product="P1", standard_cost="4.123456", tax_group=None, blocked=True, if_match=1)
    assert changed == {**release, "standard_cost": "4.123456", "tax_group": None, "blocked": True, "version": 2}
    assert do("catalog.read_product", product="P1")["release"] == changed
    with pytest.raises(PreconditionFailed):
        do("catalog.change_release", product="P1", blocked=False, if_match=1)
    with pytest.raises(Refused) as error:
        do("catalog.change_release", product="P1", tax_group="LOW")
    assert codes(error) == [("CATALOG_TAX_GROUP_UNKNOWN", "/tax_group")]


def test_facts_show_a_product_as_the_legal_entity_sees_it(do, product, ask):
    product("P1", "Lamp")
    product("P2", release=None)
    product("P3", item_model_group="NOSTOCK")
    do("catalog.create_product", number="POST", name="Postage", kind="service", item_model_group="AVERAGE", release={})
    found = ask(lambda context: facts.products(context, ["P1", "P2", "P3", "POST", "P9", "P1"]))
    assert list(found) == ["P1", "P2", "P3", "POST"]
    lamp = found["P1"]
    assert (lamp.tax_group, lamp.standard_cost, lamp.released, lamp.blocked, lamp.stocked, lamp.costing) == (
        "STANDARD", 1_200_000, True, False, True, "moving_average",
    )  # fmt: skip
    assert (found["P2"].released, found["P2"].tax_group, found["P2"].standard_cost) == (False, None, 0)
    assert found["P3"].stocked is False
    assert found["POST"].stocked is False
    do("catalog.change_release", product="P1", blocked=True)
    assert ask(lambda context: facts.product(context, "P1")).blocked is True, "a change makes what was cached stale"


def test_an_entity_may_keep_products_in_its_own_way(do, product, ask):
    product("P1")
    do("catalog.create_item_model_group", code="AVERAGE", costing="standard", post_physical=True)
    found = ask(lambda context: facts.product(context, "P1"))
    assert (found.costing, found.post_physical) == ("standard", True)
    own = next(group for group in do("catalog.list_item_model_groups")["items"] if group["code"] == "AVERAGE" and group["legal_entity_id"])
    assert do("catalog.change_item_model_group", item_model_group=own["id"], post_physical=False)["post_physical"] is False
    assert ask(lambda context: facts.product(context, "P1")).post_physical is False


def test_other_legal_entities_have_releases_of_their_own(do, product, ask):
    product("P1")
    other = do("org.create_legal_entity", code="BE01", name="N.V.", currency="EUR", time_zone="Europe/Brussels")
    do.entity = other["id"]
    assert do("catalog.read_product", product="P1")["release"] is None
    assert ask(lambda context: facts.product(context, "P1")).released is False
    assert [item["number"] for item in do("catalog.list_products", released=False)["items"]] == ["P1"]
    assert do("catalog.list_products", released=True)["items"] == []


def test_categories_form_a_tree_that_can_be_moved(do, product):
    for code, parent in (("HOME", None), ("LIGHTS", "HOME"), ("LAMPS", "LIGHTS"), ("HOME_X", None), ("GARDEN", None)):
        do("catalog.create_category", code=code, name=code.title(), parent=parent)
    product("P1", category="LAMPS")
    product("P2", category="HOME_X")
    numbers = lambda category: [item["number"] for item in do("catalog.list_products", category=category)["items"]]  # noqa: E731
    assert (numbers("HOME"), numbers("LIGHTS"), numbers("HOME_X"), numbers("GARDEN")) == (["P1"], ["P1"], ["P2"], [])
    assert do("catalog.change_category", category="LIGHTS", parent="GARDEN", name="Lighting", if_match=1)["path"] == "/GARDEN/LIGHTS/"
    assert do("catalog.read_category", category="LAMPS")["path"] == "/GARDEN/LIGHTS/LAMPS/"
    assert (numbers("HOME"), numbers("GARDEN")) == ([], ["P1"])
    for parent in ("LIGHTS", "LAMPS"):
        with pytest.raises(Refused) as error:
            do("catalog.change_category", category="LIGHTS", parent=parent)
        assert codes(error) == [("CATALOG_CATEGORY_CIRCLE", "/parent")]
    assert do("catalog.change_category", category="LIGHTS", parent=None)["path"] == "/LIGHTS/"
    assert [item["code"] for item in do("catalog.list_categories", parent="LIGHTS")["items"]] == ["LAMPS"]
    with pytest.raises(Conflict):
        do("catalog.create_category", code="HOME", name="Again")


def test_lists_of_products_go_on_and_can_be_narrowed(do, product):
    for number in range(5):
        product(f"P{number}")
    do("catalog.create_product", number="POST", name="Postage", kind="service")
    first = do("catalog.list_products", limit=4)
    rest = do("catalog.list_products", limit=4, after=first["next"])
    assert [item["number"] for item in first["items"] + rest["items"]] == ["P0", "P1", "P2", "P3", "P4", "POST"]
    assert rest["next"] is None
    assert [item["number"] for item in do("catalog.list_products", kind="service")["items"]] == ["POST"]


def test_a_release_needs_the_product_to_be_kept_somehow_in_that_entity(do):
    do("catalog.create_product", number="N1", name="Newspaper", item_model_group="NOSTOCK")
    other = do("org.create_legal_entity", code="BE01", name="N.V.", currency="EUR", time_zone="Europe/Brussels")
    do.entity = other["id"]
    with pytest.raises(Refused) as error:
        do("catalog.release_product", product="N1")
    assert codes(error) == [("CATALOG_ITEM_MODEL_GROUP", "/product")]
    with pytest.raises(Refused) as error:
        do("catalog.load_products", products=[{"number": "N1"}])
    assert codes(error) == [("CATALOG_ITEM_MODEL_GROUP", "/products/0/item_model_group")]
    do("catalog.create_item_model_group", code="NOSTOCK", stocked=False)
    assert do("catalog.release_product", product="N1")["legal_entity_id"] == other["id"]


def test_what_holds_everywhere_is_made_by_who_may_act_everywhere(do):
    entity = do("org.read_legal_entity", legal_entity="NL01")["id"]
    limited = do.by(Actor(id="i", name="I", all_permissions=True, legal_entities=frozenset((entity,))))
    with pytest.raises(Refused) as error:
        limited("catalog.create_item_model_group", code="FIFO", costing="fifo", all_legal_entities=True)
    assert codes(error) == [("CATALOG_ALL_ENTITIES", "/all_legal_entities")]
    shared = next(group for group in limited("catalog.list_item_model_groups")["items"] if group["legal_entity_id"] is None)
    with pytest.raises(Refused) as error:
        limited("catalog.change_item_model_group", item_model_group=shared["id"], post_physical=True)
    assert codes(error) == [("CATALOG_ALL_ENTITIES", "")]
    assert limited("catalog.read_item_model_group", item_model_group=shared["id"]) == shared
    assert limited("catalog.create_item_model_group", code="FIFO", costing="fifo")["legal_entity_id"] == entity
    with pytest.raises(Conflict):
        limited("catalog.create_item_model_group", code="FIFO")


def test_a_wrong_path_is_named(do):
    do("catalog.create_category", code="HOME", name="Home")
    do("catalog.create_category", code="LIGHTS", name="Lights", parent="HOME")
    with do.engine.database.snapshot() as read:
        assert list(categories_with_wrong_path(read)) == []
    orm = do.engine.database.orm
    with orm.connection_context(), orm.atomic():
        orm.execute_sql("UPDATE catalog_category SET path = '/LIGHTS/' WHERE code = 'LIGHTS'")
    with do.engine.database.snapshot() as read:
        assert list(categories_with_wrong_path(read)) == ["category LIGHTS: it has the path /LIGHTS/; expected /HOME/LIGHTS/"]
