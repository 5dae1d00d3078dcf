"""Settings: typed, given at a level, read by the narrowest, every change with its author."""

from types import SimpleNamespace

import attrs
import pytest

from kassa.kernel import contributions as give
from kassa.kernel.errors import EverywhereOnly, InvalidInput, NotFound, NotPermitted, PreconditionFailed, StartupError
from kassa.kernel.permissions import SYSTEM
from kassa.kernel.plugins import hookimpl
from kassa.kernel.settings import SettingRow

ENTITY = "01a1f900-0000-7000-8000-000000000001"
OTHER_ENTITY = "01a1f900-0000-7000-8000-000000000002"
STORE = "01a1f900-0000-7000-8000-00000000000a"
OTHER_STORE = "01a1f900-0000-7000-8000-00000000000b"
PROFILE = "01a1f900-0000-7000-8000-0000000000f0"


@pytest.fixture
def manager(anna):
    """Somebody who may read and change settings of the first legal entity."""
    return attrs.evolve(anna, permissions=frozenset({"settings.read", "settings.change"}))


def change(engine, actor, name, value, level="legal_entity", target=ENTITY, **more):
    command = {"name": name, "level": level, "value": value} | ({"target_id": target} if target else {})
    return engine.perform("settings.change", command, actor=actor, **more)


def shown(engine, actor, name, **more):
    return engine.perform("settings.read", {"name": name, **more}, actor=actor, legal_entity_id=ENTITY).body


def value(engine, name, *, legal_entity_id=ENTITY, store_id=None):
    """What the rules of a plugin would read."""
    with engine.database.snapshot() as read:
        context = SimpleNamespace(legal_entity_id=legal_entity_id)
        caches = engine.revisions(read)
        context.cached = lambda room, kind, key, load: caches.get(read, room, kind, key, load)
        return engine.settings.value(context, name, store_id=store_id)


def test_a_setting_that_nobody_gave_has_its_default(engine):
    assert value(engine, "notebook.sheets") == 3
    assert value(engine, "notebook.margin") == 250
    assert value(engine, "notebook.ink") == "blue"
    assert value(engine, "notebook.ruled") is False
    assert value(engine, "notebook.motto") is None


def test_the_narrowest_level_counts(engine):
    change(engine, SYSTEM, "notebook.sheets", "4", "installation", None)
    assert [value(engine, "notebook.sheets"), value(engine, "notebook.sheets", legal_entity_id=OTHER_ENTITY)] == [4, 4]
    change(engine, SYSTEM, "notebook.sheets", "5")
    assert [value(engine, "notebook.sheets"), value(engine, "notebook.sheets", legal_entity_id=OTHER_ENTITY)] == [5, 4]
    change(engine, SYSTEM, "notebook.sheets", "6", "store", STORE)
    assert [value(engine, "notebook.sheets", store_id=STORE), value(engine, "notebook.sheets", store_id=OTHER_STORE)] == [6, 5]
    assert value(engine, "notebook.sheets") == 5


def test_a_value_that_is_taken_back_lets_the_wider_level_count(engine):
    change(engine, SYSTEM, "notebook.sheets", "4", "installation", None)
    change(engine, SYSTEM, "notebook.sheets", "5")
    change(engine, SYSTEM, "notebook.sheets", None)
    assert value(engine, "notebook.sheets") == 4
    change(engine, SYSTEM, "notebook.sheets", None, "installation", None)
    assert value(engine, "notebook.sheets") == 3


def test_a_profile_stands_between_legal_entity_and_store(engine, monkeypatch):
    def check(context, level, target):
        if target not in (PROFILE, STORE, ENTITY):
            raise NotFound(level, target)

    scope = give.SettingScope(
        name="test", summary="Levels", profile_of=lambda context, store: PROFILE if store == STORE else None, check=check
    )
    monkeypatch.setattr(engine.settings, "scope", scope)
    levels = ("installation", "legal_entity", "profile", "store")
    definition = attrs.evolve(engine.settings.definition("notebook.sheets"), levels=levels)
    monkeypatch.setitem(engine.settings._definitions, "notebook.sheets", definition)
    change(engine, SYSTEM, "notebook.sheets", "5")
    change(engine, SYSTEM, "notebook.sheets", "7", "profile", PROFILE)
    assert [value(engine, "notebook.sheets", store_id=STORE), value(engine, "notebook.sheets", store_id=OTHER_STORE)] == [7, 5]
    change(engine, SYSTEM, "notebook.sheets", "8", "store", STORE)
    assert value(engine, "notebook.sheets", store_id=STORE) == 8
    with pytest.raises(NotFound):
        change(engine, SYSTEM, "notebook.sheets", "7", "profile", OTHER_STORE)


@pytest.mark.parametrize(
    "name, text, read",
    [
        ("notebook.sheets", "9", 9),
        ("notebook.margin", "1.5", 150),
        ("notebook.margin", "-0.25", -25),
        ("notebook.ink", "black", "black"),
        ("notebook.motto", "Ora et labora", "Ora et labora"),
    ],
)
def test_values_are_text_outside_and_typed_inside(engine, manager, name, text, read):
    assert change(engine, manager, name, text).body["value"] == text
    assert value(engine, name) == read
    assert shown(engine, manager, name)["setting"] | {"value": text, "level": "legal_entity"} == shown(engine, manager, name)["setting"]


def test_a_flag_is_true_or_false(engine):
    change(engine, SYSTEM, "notebook.ruled", "true", "installation", None)
    assert value(engine, "notebook.ruled") is True


def test_a_decimal_is_kept_in_its_one_form(engine, manager):
    assert change(engine, manager, "notebook.margin", "2.50").body["value"] == "2.5"


@pytest.mark.parametrize(
    "name, text, code, words",
    [
        ("notebook.sheets", "10", "INPUT_OUT_OF_RANGE", "from 1 to 9"),
        ("notebook.sheets", "1.5", "INPUT_TOO_MANY_PLACES", "a whole number"),
        ("notebook.sheets", "many", "INPUT_NOT_A_DECIMAL", "a whole number from 1 to 9"),
        ("notebook.sheets", "1e30", "INPUT_NOT_A_DECIMAL", "a whole number"),
        ("notebook.margin", "1.234", "INPUT_TOO_MANY_PLACES", "at most 2 digits"),
        ("notebook.margin", "1" * 30, "INPUT_OUT_OF_RANGE", "a decimal"),
        ("notebook.ink", "red", "INPUT_NOT_ALLOWED", "one of blue, black"),
        ("notebook.motto", " ", "INPUT_TOO_SHORT", "1 to 2000 characters"),
        ("notebook.motto", "", "INPUT_TOO_SHORT", "null to take the value back"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_advice(engine, manager, snapshot_of, name, text, code, words):
    before = snapshot_of(engine)
    with pytest.raises(InvalidInput) as caught:
        change(engine, manager, name, text)
    (issue,) = caught.value.issues
    assert (issue.code, issue.pointer) == (code, "/value")
    assert words in issue.message
    assert snapshot_of(engine) == before


@pytest.mark.parametrize(
    "command, pointer",
    [
        ({"name": "notebook.ruled", "level": "store", "target_id": STORE, "value": "true"}, "/level"),
        ({"name": "notebook.sheets", "level": "installation", "target_id": STORE, "value": "4"}, "/target_id"),
        ({"name": "notebook.sheets", "level": "store", "value": "4"}, "/target_id"),
        ({"name": "notebook.sheets", "level": "planet", "value": "4"}, "/level"),
    ],
)
def test_a_level_that_does_not_fit_is_refused(engine, command, pointer):
    with pytest.raises(InvalidInput) as caught:
        engine.perform("settings.change", command, actor=SYSTEM)
    assert [issue.pointer for issue in caught.value.issues] == [pointer]


def test_nobody_changes_what_is_not_theirs(engine, manager):
    with pytest.raises(NotFound):
        change(engine, manager, "notebook.sheets", "4", target=OTHER_ENTITY)
    with pytest.raises(NotFound):
        change(engine, attrs.evolve(manager, stores=frozenset({STORE})), "notebook.sheets", "4", "store", OTHER_STORE)
    with pytest.raises(NotPermitted, match=r"settings\.change_installation"):
        change(engine, manager, "notebook.sheets", "4", "installation", None)
    with pytest.raises(NotPermitted):
        change(engine, attrs.evolve(manager, permissions=frozenset({"settings.read"})), "notebook.sheets", "4")
    with pytest.raises(NotFound):
        change(engine, manager, "notebook.colour", "4")


@pytest.mark.rule("SEC-23")
@pytest.mark.parametrize("place", ["legal_entities", "stores"])
def test_what_counts_everywhere_is_for_who_acts_everywhere(engine, place):
    local = attrs.evolve(SYSTEM, id="local", **{place: frozenset((ENTITY,))})
    before = shown(engine, SYSTEM, "notebook.sheets")
    with pytest.raises(EverywhereOnly, match="no legal entity"):
        change(engine, local, "notebook.sheets", "4", "installation", None)
    with pytest.raises(EverywhereOnly):
        engine.perform("cleaning.run", {}, actor=local, key="local")
    assert shown(engine, SYSTEM, "notebook.sheets") == before
    assert engine.perform("jobs.list", {}, actor=SYSTEM).body["items"] == []


def test_the_history_says_who_changed_what(engine, manager):
    change(engine, manager, "notebook.sheets", "4")
    change(engine, attrs.evolve(manager, id="bert"), "notebook.sheets", "5")
    change(engine, SYSTEM, "notebook.sheets", "6", target=OTHER_ENTITY)
    body = shown(engine, manager, "notebook.sheets")
    assert [(line["actor"], line["old"], line["new"], line["target_id"]) for line in body["history"]] == [
        ("bert", "4", "5", ENTITY),
        ("anna", None, "4", ENTITY),
    ]
    assert body["values"] == [{"name": "notebook.sheets", "level": "legal_entity", "target_id": ENTITY, "value": "5", "version": 2}]
    assert len(shown(engine, SYSTEM, "notebook.sheets")["history"]) == 3


def test_a_change_after_another_is_refused_where_it_was_conditional(engine, manager):
    version = shown(engine, manager, "notebook.sheets")["version"]
    done = change(engine, manager, "notebook.sheets", "4", if_match=version)
    assert done.version == shown(engine, manager, "notebook.sheets")["version"] == version + 1
    with pytest.raises(PreconditionFailed):
        change(engine, manager, "notebook.sheets", "5", if_match=version)
    assert value(engine, "notebook.sheets") == 4


def test_settings_are_listed_in_pages(engine, manager):
    names, after = [], None
    while True:
        page = engine.perform("settings.list", {"limit": 2} | ({"after": after} if after else {}), actor=manager).body
        names += [item["name"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    own = [name for name in names if name.startswith("notebook.")]
    assert (names, own) == (sorted(names), ["notebook.ink", "notebook.margin", "notebook.motto", "notebook.ruled", "notebook.sheets"])


def test_other_processes_see_a_change_at_once(engine, make_engine, notebook):
    other = make_engine(modules={"notebook": notebook}, url=engine.database.url)
    assert value(other, "notebook.sheets") == 3
    change(engine, SYSTEM, "notebook.sheets", "4")
    assert value(other, "notebook.sheets") == 4


def test_a_preview_of_a_change_changes_nothing(engine, manager, snapshot_of):
    before = snapshot_of(engine, audit=True)
    body = change(engine, manager, "notebook.sheets", "4", preview=True).body
    assert body["result"]["value"] == "4"
    assert snapshot_of(engine, audit=True) == before


def test_the_table_refuses_unknown_levels(engine):
    assert SettingRow._meta.table_name == "kernel_setting"
    from kassa.kernel.database import Write
    from kassa.kernel.flush import write_alone

    row = Write("INSERT INTO kernel_setting (name, level, target, value, version) VALUES ('a', 'planet', '', '1', 1)", ())
    with pytest.raises(Exception, match=r"(?i)check"):
        write_alone(engine.database, [row])


@pytest.mark.parametrize(
    "broken",
    [
        {"type": "int", "default": "3"},
        {"type": "int", "default": True},
        {"type": "int", "default": 0, "minimum": 1},
        {"type": "choice", "default": "red", "choices": ("blue",)},
        {"type": "bool", "default": None},
        {"type": "text", "default": ""},
        {"type": "colour", "default": "red"},
        {"type": "int", "default": 1, "levels": ("planet",)},
    ],
)
def test_a_setting_without_a_valid_default_stops_the_start(make_engine, kernel_alone, broken):
    @hookimpl
    def register_definitions():
        return [give.SettingDefinition(name="odd.setting", summary="Odd", **broken)]

    with pytest.raises(StartupError, match=r"'odd\.setting' of 'odd'"):
        make_engine(modules={"odd": SimpleNamespace(register_definitions=register_definitions)})
