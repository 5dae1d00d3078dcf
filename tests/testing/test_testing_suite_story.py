"""The suite for plugins watches a plugin at work: rules that are not pure, documents that are not read back, what a story leaves out."""

import importlib.util
import itertools
from pathlib import Path
from types import MappingProxyType, SimpleNamespace

import attrs
import pytest

from kassa.kernel import contributions as give
from kassa.kernel.permissions import SYSTEM
from kassa.kernel.plan import Event
from kassa.kernel.plugins import hookimpl
from kassa.kernel.values import new_id
from kassa.testing.suite import Subject, tell

NOTEBOOK = Path(__file__).resolve().parents[1] / "probes" / "notebook.py"


@attrs.frozen
class FreeSheets:
    """Facts of a loader that dices."""

    sheets: str


def notebook(changed=MappingProxyType({})):
    """The notebook with some of its contributions changed: by name, a function of the contribution."""
    spec = importlib.util.spec_from_file_location(f"kassa_suite_{new_id()[-12:]}", NOTEBOOK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    hooks = {}
    for name in (name for name in vars(module) if name.startswith("register_")):
        values = [changed[value.name](value) if getattr(value, "name", None) in changed else value for value in getattr(module, name)()]
        hooks[name] = hookimpl(lambda values=values: values)
    return SimpleNamespace(**hooks)


def write_notes(engine):
    """Write a note and tear it out."""
    options = {"actor": SYSTEM, "legal_entity_id": "01a1f900-0000-7000-8000-000000000001"}
    engine.perform("notebook.add_paper", {"sheets": 10}, **options)
    note = engine.perform("notebook.write", {"text": "Hello"}, key="k1", **options)
    engine.perform("notebook.tear", {"note": note.document_id}, key="k2", **options)
    engine.perform("notebook.write", {"text": "Again"}, key="k3", **options)


def told(kassa_databases, module, story=write_notes):
    """What the suite sees while a story runs."""
    return list(tell(Subject(name="notebook", modules={"notebook": module}), story, kassa_databases, "sqlite"))


def run(function):
    """Replace what a rule runs."""
    return lambda rule: attrs.evolve(rule, run=function)


def dice(document, facts, context):
    return [Event("notebook.note_written", {"throw": new_id()})]


def spoil_facts(document, facts, context):
    facts.put(str, new_id())


def spoil_plan(document, facts, context):
    context.plan.add([Event("notebook.note_written", {})], "notebook.check_text")


COUNTER = itertools.count()


def count(document, facts, context):
    yield Event("notebook.note_written", {"number": next(COUNTER)})


@pytest.mark.parametrize(
    "rule, words",
    [
        (dice, "notebook.use_paper is not pure: called twice with the same input it gave"),
        (count, "notebook.use_paper is not pure: called twice with the same input it gave"),
        (spoil_facts, "notebook.use_paper is not pure: it changes its input"),
        (spoil_plan, "notebook.use_paper is not pure: it changes its input"),
    ],
)
def test_a_rule_that_is_not_pure_is_found(kassa_databases, rule, words):
    assert [line for line in told(kassa_databases, notebook({"notebook.use_paper": run(rule)})) if words in line]


def test_a_loader_that_gives_something_else_is_found(kassa_databases):
    def load(read, notes, context):
        return {note.id: FreeSheets(new_id()) for note in notes}

    def replaced(found):
        # A setting has the same name.
        return attrs.evolve(found, facts=FreeSheets, load=load) if isinstance(found, give.Loader) else found

    lines = told(kassa_databases, notebook({"notebook.sheets": replaced, "notebook.use_paper": run(lambda *_: None)}))
    assert {line.partition(":")[0] for line in lines} == {"notebook.sheets is not pure"}


def test_what_a_story_leaves_out_is_found(kassa_databases):
    lines = told(kassa_databases, notebook(), story=lambda engine: None)
    assert lines == [
        "the story never comes to rule notebook.check_text",
        "the story never comes to rule notebook.use_paper",
        "the story never comes to loader notebook.sheets",
        "the story makes no document of the kind notebook.note",
    ]
    assert told(kassa_databases, notebook(), story=None) == ["it has rules, decisions, documents or extensions, so it needs a story that uses them"]
    assert told(kassa_databases, notebook()) == []


def forgetful(kind):
    """Read the words of a note back wrongly."""
    load = kind.load
    return attrs.evolve(kind, load=lambda read, ids: {key: attrs.evolve(note, text="?") for key, note in load(read, ids).items()})


def test_documents_that_are_not_read_back_are_found(kassa_databases):
    lines = told(kassa_databases, notebook({"notebook.note": forgetful}))
    assert [line for line in lines if line.startswith("notebook.note: read back, a row of notebook_note is lost")]
    assert [line for line in lines if line.startswith("notebook.note: read back, a row of notebook_note is made up")]
    lines = told(kassa_databases, notebook({"notebook.note": lambda kind: attrs.evolve(kind, load=lambda read, ids: {})}))
    assert lines == ["notebook.note: load finds 0 of 2 documents that were written"]


def test_an_invariant_that_is_broken_is_found(kassa_databases):
    broken = give.Invariant(name="notebook.never", summary="Never", find=lambda read: ["note 1: it is there"])
    module = notebook()
    module.register_reports = hookimpl(lambda: [broken])
    (line,) = told(kassa_databases, module)
    assert line.startswith("the invariant notebook.never is broken")
