"""Extensions: which of them start-up refuses, and that those of a chained document are part of its evidence."""

from types import SimpleNamespace
from typing import Any

import attrs
import pytest

from kassa.kernel import contributions as give
from kassa.kernel.database import Write
from kassa.kernel.errors import StartupError
from kassa.kernel.extensions import Extended, Extensible
from kassa.kernel.flush import write_alone
from kassa.kernel.invariants import verify
from kassa.kernel.plugins import hookimpl
from kassa.kernel.registry import build
from kassa.kernel.schema import Secret, Text


@attrs.frozen(kw_only=True)
class Drawer(Extensible):
    """A record that can be extended."""

    id: str
    extensions: tuple[Extended, ...] = ()


@attrs.frozen(kw_only=True)
class Pin:
    """What holds a note."""

    colour: Text


@attrs.define(kw_only=True)
class Soft:
    """Can be changed."""

    colour: str


@attrs.frozen(kw_only=True)
class Holder:
    """Holds what can be changed."""

    soft: Soft


@attrs.frozen(kw_only=True)
class Empty:
    """Has no fields."""


@attrs.frozen(kw_only=True)
class Odd:
    """Has a field that no message can have."""

    size: float


@attrs.frozen(kw_only=True)
class Computed:
    """Has a field that cannot be given."""

    colour: str
    length: int = attrs.field(init=False, default=3)


@attrs.frozen(kw_only=True)
class Locked:
    """Has a secret."""

    key: Secret


def extension(**changes: Any) -> give.Extension:
    """A sound extension, with changes."""
    return give.Extension(**({"name": "desk.pin", "summary": "A pin", "of": Drawer, "value": Pin} | changes))


def started(*values):
    """Start with a plugin `desk` that contributes values."""
    return build({"desk": SimpleNamespace(register_documents=hookimpl(lambda: values))})


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"name": "pin"}, "must carry its prefix: desk.pin"),
        ({"of": Pin}, "expected a record that can be extended: .*Drawer"),
        ({"of": "SalesLine"}, "expected a record that can be extended"),
        ({"value": dict}, "expected a class with @attrs.frozen"),
        ({"value": Pin(colour="red")}, "expected a class with @attrs.frozen"),
        ({"value": Soft}, "Soft, which can be changed"),
        ({"value": Holder}, "Soft, which can be changed"),
        ({"value": Empty}, "Empty has no fields"),
        ({"value": Odd}, r"Odd\.size: .*float"),
        ({"value": Computed}, r"Computed\.length cannot be given"),
        ({"value": Locked}, r"Locked\.key is confidential"),
    ],
)
def test_start_up_refuses_what_cannot_be_kept(kernel_alone, changes, words):
    with pytest.raises(StartupError, match=words) as caught:
        started(extension(**changes))
    assert "'desk'" in str(caught.value)


def test_two_extensions_of_a_record_have_two_classes(kernel_alone):
    with pytest.raises(StartupError, match=r"'desk\.needle' and 'desk\.pin' both add Pin to Drawer"):
        started(extension(), extension(name="desk.needle"))


def test_the_registry_knows_extensions_by_record_and_name(kernel_alone):
    registry = started(extension())
    assert registry.extensions == {Drawer: {"desk.pin": extension()}}
    assert started().extensions == {}


@pytest.fixture
def pinned(notebook, monkeypatch):
    """The probe with notes that others may extend, and a plugin that pins them."""

    @attrs.frozen(kw_only=True)
    class PinnedNote(Extensible, notebook.Note):
        extensions: tuple[Extended, ...] = ()

        def records(self):
            return (self,)

    def new_note(command, context):
        plain = make(command, context)
        values = {field.name: getattr(plain, field.name) for field in attrs.fields(type(plain))}
        return PinnedNote(**values, extensions=(Extended("notebook.pin", Pin(colour="grün")),))

    make = notebook.new_note
    monkeypatch.setattr(notebook, "new_note", new_note)
    (kind,) = notebook.register_documents()
    names = [name for name in vars(notebook) if name.startswith("register_") and name != "register_documents"]
    values = [attrs.evolve(kind, document=PinnedNote), extension(name="notebook.pin", of=PinnedNote)]
    return SimpleNamespace(**{name: getattr(notebook, name) for name in names}, register_documents=hookimpl(lambda: values))


def test_those_of_a_chained_document_are_evidence(pinned, make_engine, anna):
    engine = make_engine(modules={"notebook": pinned})
    engine.perform("notebook.add_paper", {"sheets": 1}, actor=anna)
    note = engine.perform("notebook.write", {"text": "Buy milk"}, actor=anna, key="k").body["id"]
    with engine.database.snapshot() as read:
        assert read.rows("SELECT record_id, name, document_id, value FROM kernel_extension") == [
            (note, "notebook.pin", note, '{"colour":"grün"}')
        ]
    assert verify(engine) == []
    sqlite = engine.database.dialect == "sqlite"
    open_up = "DROP TRIGGER kernel_extension_no_update" if sqlite else "SET LOCAL session_replication_role = replica"
    change = """UPDATE kernel_extension SET value = '{"colour":"red"}'"""
    write_alone(engine.database, [Write(open_up, ()), Write(change, ())])
    (finding,) = verify(engine)
    assert (finding.invariant, note in finding.row) == ("kernel.chain_unbroken", True)
    assert "rows are not those that were chained" in finding.what
