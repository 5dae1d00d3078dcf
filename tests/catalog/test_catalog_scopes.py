"""Search scopes and decorators of a plugin: narrowed in the statement of the search, and asked once for all that was found."""

import importlib.util
import sys
from pathlib import Path

import pytest

from kassa.kernel import plugins
from kassa.kernel.errors import PluginError, Refused
from kassa.kernel.permissions import SYSTEM, Actor

PROBE = Path(__file__).resolve().parents[1] / "probes" / "window.py"
ROOMS = ("kernel", "org", "catalog", "parties")


@pytest.fixture(scope="module")
def window():
    """The probe `window`."""
    spec = importlib.util.spec_from_file_location("probe_window", PROBE)
    sys.modules["probe_window"] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def bare(make_engine, monkeypatch, clock, window):
    """An engine without any record, with the probe enabled."""
    monkeypatch.setattr(plugins, "ROOMS", ROOMS)
    window.CALLS.clear()
    return make_engine(modules={"window": window}, clock=clock)


@pytest.fixture
def shown(do, product):
    """Three lamps, of which LAMP2 stands in the windows of S001 and S002, and LAMP3 in that of S002."""
    do("org.create_store", number="S002", name="Utrecht")
    ids = {number: product(number, f"Lamp {number}")["id"] for number in ("LAMP1", "LAMP2", "LAMP3")}
    stores = {number: do("org.read_store", store=number)["id"] for number in ("S001", "S002")}
    for number, store in (("LAMP2", "S001"), ("LAMP2", "S002"), ("LAMP3", "S002")):
        do("window.show", product_id=ids[number], store_id=stores[store])
    return do


@pytest.fixture
def find(do):
    """Gives the numbers that a text finds, in any order."""

    def look(text, **more):
        return {item["number"] for item in do("catalog.search_products", text=text, **more)["items"]}

    return look


def test_a_scope_narrows_what_is_found(shown, find):
    assert find("lamp") == find("lamp", scope="released") == {"LAMP1", "LAMP2", "LAMP3"}
    assert find("lamp", scope="window.shown", store="S001") == {"LAMP2"}
    assert find("lamp", scope="window.shown", store="S002") == {"LAMP2", "LAMP3"}
    assert find("LAMP1", scope="window.shown", store="S002") == set(), "typed exactly, and yet not in the scope"
    assert find("LAMP3", scope="window.shown", store="S002") == {"LAMP3"}


def test_a_scope_is_part_of_the_statement_so_many_others_do_not_hide_its_few(shown, find, product):
    entries = [{"number": f"N{place}", "name": "Lamp lamp lamp"} for place in range(450)]
    shown("catalog.load_products", products=entries, item_model_group="AVERAGE")
    assert find("lamp", scope="window.shown", store="S001", limit=1) == {"LAMP2"}


def test_a_scope_never_finds_what_is_not_sold_here(shown, find):
    shown("catalog.change_release", product="LAMP2", blocked=True)
    assert find("lamp", scope="window.shown", store="S001") == set()
    assert find("LAMP2", scope="window.shown", store="S001") == set()


def test_a_setting_says_which_scope_counts_where_none_is_named(shown, find):
    profile = shown("org.create_profile", code="CITY", name="Cities")
    shown("org.change_store", store="S001", profile="CITY")
    shown("settings.change", name="catalog.search_scope", level="profile", target_id=profile["id"], value="window.shown")
    assert find("lamp", store="S001") == {"LAMP2"}
    assert find("lamp", store="S002") == find("lamp") == {"LAMP1", "LAMP2", "LAMP3"}
    assert find("lamp", store="S001", scope="released") == {"LAMP1", "LAMP2", "LAMP3"}


def test_the_store_in_which_somebody_stands_is_that_of_the_scope_unless_another_is_named(shown):
    shown("catalog.enter_prices", price_list="RETAIL", prices=[{"product": "LAMP2", "unit_price": "9.95", "from_date": "2026-01-01"}])
    stores = {number: shown("org.read_store", store=number)["id"] for number in ("S001", "S002")}
    till = shown.by(Actor(id="till", name="Till", permissions=frozenset({"catalog.read"}), store_id=stores["S001"]))

    def found(**more):
        return {item["number"]: (item["price"], item["currency"]) for item in till("catalog.search_products", text="lamp", **more)["items"]}

    assert found(scope="window.shown") == {"LAMP2": ("9.95", "EUR")}
    assert set(found(scope="window.shown", store="S002")) == {"LAMP2", "LAMP3"}
    shown("settings.change", name="catalog.search_scope", level="store", target_id=stores["S001"], value="window.shown")
    assert set(found()) == {"LAMP2"}


def test_a_store_of_another_legal_entity_is_not_that_of_the_scope(shown):
    store = shown("org.read_store", store="S001")["id"]
    shown("org.create_legal_entity", code="BE01", name="Warenhuis", currency="EUR", time_zone="Europe/Brussels", country="BE")
    entity = shown.by(SYSTEM)("org.read_legal_entity", legal_entity="BE01")["id"]
    till = shown.by(Actor(id="till", name="Till", permissions=frozenset({"catalog.read"}), store_id=store), entity)
    assert till("catalog.search_products", text="lamp")["items"] == []
    with pytest.raises(Refused) as error:
        till("catalog.search_products", text="lamp", scope="window.shown")
    assert error.value.code == "CATALOG_SCOPE_NEEDS_STORE"


def test_scopes_are_listed_and_unknown_ones_refused(shown):
    listed = shown("catalog.list_search_scopes")["items"]
    assert [(scope["name"], scope["needs_store"]) for scope in listed] == [
        ("released", False),
        ("window.broken", False),
        ("window.shown", True),
    ]
    for scope, expected in (
        ("window.behind", ("CATALOG_SEARCH_SCOPE_UNKNOWN", "/scope")),
        ("window.shown", ("CATALOG_SCOPE_NEEDS_STORE", "/store")),
    ):
        with pytest.raises(Refused) as error:
            shown("catalog.search_products", text="lamp", scope=scope)
        assert [(issue.code, issue.pointer) for issue in error.value.issues] == [expected]


def test_a_scope_that_fails_names_its_plugin(shown):
    with pytest.raises(PluginError) as error:
        shown("catalog.search_products", text="lamp", scope="window.broken")
    assert (error.value.plugin, error.value.rule) == ("window", "window.broken")


def test_a_decorator_is_asked_once_for_all_that_is_shown(shown, window):
    window.CALLS.clear()
    items = shown("catalog.search_products", text="lamp", limit=3)["items"]
    assert {item["number"]: item["decorations"] for item in items} == {
        "LAMP1": {},
        "LAMP2": {"window.stores": {"stores": 2}},
        "LAMP3": {"window.stores": {"stores": 1}},
    }
    assert [sorted(asked) for asked in window.CALLS] == [["LAMP1", "LAMP2", "LAMP3"]]
    shown("catalog.search_products", text="nothing of the kind")
    assert len(window.CALLS) == 1, "nobody is asked about nothing"


def test_a_decorator_that_answers_something_else_names_its_plugin(shown, window, monkeypatch):
    decorator = shown.engine.registry.get(type(window.register_operations()[3]), "window.stores")
    for answer in ({"nobody": window.Windows(stores=1)}, {None: 3}):
        monkeypatch.setattr(window, "count_windows", lambda *asked, said=answer: said)
        broken = type(decorator)(name=decorator.name, summary="", value=window.Windows, decorate=window.count_windows)
        monkeypatch.setitem(shown.engine.registry._values[type(decorator)], decorator.name, broken)
        with pytest.raises(PluginError) as error:
            shown("catalog.search_products", text="lamp")
        assert error.value.rule == "window.stores"


def test_a_profile_gives_settings_to_its_stores_and_keeps_their_history(shown, ask):
    profile = shown("org.create_profile", code="CITY", name="Cities")
    stores = {number: shown("org.read_store", store=number)["id"] for number in ("S001", "S002")}
    shown("org.change_store", store="S001", profile="CITY")
    for value in ("3", "4"):
        shown("settings.change", name="window.panes", level="profile", target_id=profile["id"], value=value)
    panes = {number: ask(lambda context, place=place: context.setting("window.panes", store_id=place)) for number, place in stores.items()}
    assert panes == {"S001": 4, "S002": 1}
    history = shown("settings.read", name="window.panes")["history"]
    assert [(change["level"], change["target_id"], change["old"], change["new"]) for change in history] == [
        ("profile", profile["id"], "3", "4"),
        ("profile", profile["id"], None, "3"),
    ]
    shown("org.change_store", store="S001", profile=None)
    assert ask(lambda context: context.setting("window.panes", store_id=stores["S001"])) == 1
