"""The suite for plugins catches what it is there for: one bad plugin for each check."""

import importlib.util
import itertools
from collections.abc import Mapping
from types import SimpleNamespace

import attrs
import pytest

from kassa.kernel import contributions as give
from kassa.kernel.errors import StartupError
from kassa.kernel.plan import Document
from kassa.kernel.plugins import hookimpl
from kassa.kernel.tables import Id, Integer, Table
from kassa.kernel.values import new_id
from kassa.testing.suite import CHECKS, Subject, migrations, plugin_suite

BY_NAME = {check.__name__: check for check in CHECKS}
SHEETS = "CREATE TABLE bad_sheet (id {} NOT NULL PRIMARY KEY{})"


@attrs.frozen(kw_only=True)
class Ask:
    """Asks for something."""

    what: int = attrs.field(metadata={"examples": [7]})


@attrs.frozen(kw_only=True)
class Told:
    """What is told."""

    what: int


@attrs.frozen(kw_only=True)
class Silent:
    what: int


Silent.__doc__ = ""


class SheetRow(Table):
    """A table of the bad plugin."""

    id = Id(primary_key=True)
    size = Integer()

    class Meta:
        table_name = "bad_sheet"


class ForeignRow(Table):
    """A table without the plugin's prefix."""

    id = Id(primary_key=True)

    class Meta:
        table_name = "sheet"


def plugin(hook="register_operations", *values, **attributes):
    """A plugin in memory with one hook."""
    return SimpleNamespace(**{hook: hookimpl(lambda: values)}, **attributes)


def operation(**changes):
    """A sound operation, with changes."""
    values = {
        "name": "bad.ask", "summary": "Ask", "effect": "read", "http": give.Http(method="GET", path="/bad/answers/{what}"), "request": Ask,
        "response": Told, "permission": None, "scope": "none", "handler": lambda command, context: None,
    }  # fmt: skip
    return give.Operation(**(values | changes))


def found(check, module, **others):
    """What a check finds about a plugin `bad`."""
    return list(BY_NAME[check](Subject(name="bad", modules={"bad": module, **others})))


@pytest.fixture
def package(tmp_path):
    """Writes a plugin as a package with a hooks.py, imports that, and gives it with its folder."""
    numbers = itertools.count()

    def write(text, **files):
        folder = tmp_path / f"kassa_bad_{next(numbers)}"
        folder.mkdir()
        (folder / "hooks.py").write_text(text, encoding="utf-8")
        for name, content in files.items():
            (folder / name.replace("__", ".")).write_text(content, encoding="utf-8")
        spec = importlib.util.spec_from_file_location(folder.name, folder / "hooks.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return write


def test_a_sound_operation_passes_every_check():
    module = plugin("register_operations", operation())
    assert [found(name, module) for name in BY_NAME if name != "readme"] == [[]] * (len(BY_NAME) - 1)


@pytest.mark.parametrize(
    "module, words",
    [
        (plugin("register_storage", give.Storage(name="bad", tables=(ForeignRow,))), "must carry its prefix"),
        (plugin("register_definitions", give.Permission(name="everything", summary="All")), "must carry its prefix"),
        (plugin("register_definitions", give.SettingDefinition(name="colour", summary="C", type="text", default=None)), "must carry its prefix"),
        (plugin("register_rulez"), "a hook that does not exist"),
        (plugin("register_operations", requires=("calendar",)), "requires 'calendar'"),
        (plugin("register_operations", operation(permission="bad.ask")), "which nobody declares"),
        (plugin("register_definitions", give.Role(name="bad.clerk", role="clerk", summary="C", permissions=("bad.fly",))), "'bad.fly', which nobody"),
    ],
    ids=["table", "permission", "setting", "hook", "requirement", "undeclared permission", "undeclared permission of a role"],
)
def test_what_kassa_does_not_start_with_is_refused(module, words):
    with pytest.raises(StartupError, match=words):
        found("starts", module)


def test_a_plugin_that_contributes_nothing_is_found():
    assert found("starts", SimpleNamespace()) == ["it contributes nothing"]


@pytest.mark.parametrize(
    "module, words",
    [
        (SimpleNamespace(register_rules=list), "register_rules lacks @hookimpl"),
        (SimpleNamespace(register_rulez=list), "register_rulez is no hook; the hooks are register_storage"),
        (
            SimpleNamespace(register_definitions=hookimpl(lambda: [give.Permission(name=f"bad.{new_id()}", summary="New")])),
            "register_definitions contributes something else each time it is called",
        ),
    ],
    ids=["unmarked", "unknown", "unsteady"],
)
def test_hooks_that_are_none_are_found(module, words):
    assert [line for line in found("hooks", module) if words in line]


def test_what_it_leans_on_must_be_declared():
    other = plugin("register_documents", KIND)
    rule = give.Rule(name="bad.rule", kind="other.paper", transition="*", stage="check", run=lambda *_: None, summary="R")
    (line,) = found("requirements", plugin("register_rules", rule), other=other)
    assert line == "the document kind other.paper of bad.rule belongs to other, which `requires` does not name"
    assert found("requirements", plugin("register_rules", rule, requires=("other",)), other=other) == []


CALLING = """
from kassa.kernel.plugins import hookimpl

def act(command, context):
    return context.call("calendar.book", {"day": 1})
"""


def test_a_call_of_another_plugin_must_be_declared(package):
    (line,) = found("requirements", package(CALLING))
    assert line == "hooks.py:5 calls calendar.book of calendar, which neither `requires` nor the `needs` of an operation names"
    needing = "\n@hookimpl\ndef register_operations():\n    from kassa.kernel.contributions import Operation\n    return [NEEDING]\n"
    module = package(CALLING + needing)
    module.NEEDING = operation(needs=("calendar",))
    assert found("requirements", module) == []
    assert found("requirements", package(CALLING.replace("calendar.book", "sales.sell"))) == []


@pytest.mark.parametrize(
    "module, words",
    [
        (plugin("register_operations", operation(effect="edit", http=None)), "bad.ask needs no permission"),
        (plugin("register_operations", operation(scope="legal_entity")), "bad.ask needs no permission"),
    ],
    ids=["a write", "an entity's"],
)
def test_permissions_that_are_missing_are_found(module, words):
    assert words in found("permissions", module)[0]


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"summary": " "}, "it has no summary"),
        ({"response": int}, "its response has no schema"),
        ({"request": Mapping, "http": None}, "its request has no schema"),
        ({"response": Silent}, "Silent of its response has no docstring"),
        ({"example": {"what": "seven"}}, "has an example that does not parse: /what"),
        ({"request": Told}, "has no example, nor have its fields: /what"),
        ({"collection": True}, "it is a collection, so its request must be a PageRequest; it is a Ask"),
        ({"effect": "edit"}, "GET does not fit the effect edit"),
        ({"http": give.Http(method="GET", path="/bad/{who}")}, "its path names {who}, which is no field of Ask"),
        ({"effect": "post", "http": give.Http(method="POST", path="/orders/{order}/bells")}, "it acts on order; say on='order' and its steps"),
    ],
)
def test_an_operation_that_does_not_tell_is_found(changes, words):
    lines = found("operations", plugin("register_operations", operation(**changes)))
    assert [line for line in lines if words in line], lines


@attrs.frozen(kw_only=True)
class Paper(Document):
    """A paper."""

    kind = "other.paper"


KIND = give.DocumentKind(
    name="other.paper", summary="A paper", document=Paper, states=("new",), rank=1, rows=lambda paper: (), load=lambda read, ids: {}, tables=(),
    transitions=(give.Transition(name="write", target="new", summary="Write"),),
)  # fmt: skip
MOVE = give.Transition(name="write", target="gone", summary="Write", event="bad.written", permission="bad.write")


def test_a_document_kind_that_does_not_fit_together_is_found():
    kind = attrs.evolve(KIND, name="bad.paper", transitions=(MOVE,), tables=(SheetRow,), series="bad.papers")
    lines = found("documents", plugin("register_documents", kind))
    assert lines == [
        "bad.paper: write names the state gone, which is none of new",
        "bad.paper: write announces bad.written, which nobody declares",
        "bad.paper: write needs the permission bad.write, which nobody declares",
        "bad.paper: bad_sheet stands in no Storage",
        "bad.paper: nobody declares the number series bad.papers",
    ]
    balance = give.Balance(name="bad.sheets", table=SheetRow, key=("id",), amounts=("size", "weight"), rank=1, summary="Sheets")
    lines = found("documents", plugin("register_storage", give.Storage(name="bad", tables=(SheetRow,)), balance))
    assert lines == ["the balance bad.sheets names the column weight, which bad_sheet does not have"]


def test_a_code_that_nobody_declares_is_found(package):
    text = "from kassa.kernel.errors import Issue\n\ndef check(document, facts, context):\n    yield Issue(code='BAD_DAY', message='Not today.')\n"
    assert found("codes", package(text)) == ["hooks.py:4 uses the code BAD_DAY, which nobody declares as an ErrorCode"]


ANSWERING = """
from kassa.kernel.contributions import Permission
from kassa.kernel.plugins import hookimpl

@hookimpl
def register_definitions():
    return [Permission(name="bad.ask", summary="Ask")]
"""


def test_a_readme_that_is_missing_or_silent_is_found(package):
    assert found("readme", package(ANSWERING)) == ["it has no README.md; it answers register_definitions"]
    assert found("readme", package(ANSWERING, README__md="# Bad\n")) == ["its README.md does not name register_definitions, which it answers"]
    assert found("readme", package(ANSWERING, README__md="# Bad\n\nIt answers `register_definitions`.\n")) == []
    assert "it is no package" in found("readme", plugin("register_operations", operation()))[0]


MIGRATION = """
from kassa.kernel.migrations import ddl_migration

requires = []
SQLITE = ['{}']
POSTGRESQL = ['{}']
up, down = ddl_migration(SQLITE, POSTGRESQL)
"""


@pytest.mark.parametrize(
    "columns, addition, words",
    [
        (', "size" BIGINT NOT NULL', "", []),
        ("", "", ["migrated, bad_sheet lacks:"]),
        (', "size" BIGINT NOT NULL, "more" BIGINT NOT NULL', "", ["migrated, bad_sheet has in addition:"]),
        (', "size" BIGINT NOT NULL', "\n\ndef down(migrator, db):\n    return None\n", ["taken back, its migrations leave bad_sheet behind"]),
        (None, "", ["'bad' has tables but no migrations"]),
    ],
    ids=["sound", "lacks", "too much", "no way back", "none"],
)
def test_migrations_that_do_not_fit_the_models_are_found(new_database, tmp_path, database_kind, columns, addition, words):
    if columns is not None:
        statements = [SHEETS.format('"TEXT"' if kind == "sqlite" else "UUID", columns) for kind in ("sqlite", "postgresql")]
        statements[0] = SHEETS.format("TEXT", columns.replace("BIGINT", "INTEGER")) + " STRICT"
        (tmp_path / "0001_sheets.py").write_text(MIGRATION.format(*statements) + addition, encoding="utf-8")
    module = plugin("register_storage", give.Storage(name="bad", tables=(SheetRow,), migrations=tmp_path))
    lines = list(migrations(Subject(name="bad", modules={"bad": module}), new_database()))
    assert len(lines) >= len(words)
    assert all(any(word in line for line in lines) for word in words)
    assert bool(lines) is bool(words), lines


def test_the_class_that_is_made_fails_with_what_was_found_and_skips_what_is_excused():
    made = plugin_suite("bad", {"bad": plugin("register_operations", operation(summary=""))}, exempt={"readme": "One file."})
    with pytest.raises(pytest.fail.Exception, match=r"'bad' does not hold to what every plugin must:\nbad\.ask: it has no summary"):
        made().test_contract(BY_NAME["operations"])
    with pytest.raises(pytest.skip.Exception, match=r"One file\."):
        made().test_contract(BY_NAME["readme"])
    assert made().test_contract(BY_NAME["hooks"]) is None
    with pytest.raises(ValueError, match="there is no check manners; the checks are starts, hooks"):
        plugin_suite("bad", {}, exempt={"manners": "None."})
