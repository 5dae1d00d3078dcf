"""Plugins that do not fit are refused at start-up, those that misbehave at the operation; each is named, everything else goes on."""

from types import SimpleNamespace

import pytest

from kassa.kernel import contributions as give
from kassa.kernel.errors import PluginError, StartupError
from kassa.kernel.models import DocumentRow
from kassa.kernel.plan import Bulk, Row
from kassa.kernel.plugins import discover, hookimpl, load
from kassa.kernel.registry import build
from kassa.kernel.tables import Integer, Table, Text


def plugin(hook="register_rules", values=(), **attributes):
    """A plugin with one hook."""
    marked = hookimpl(lambda: values if not isinstance(values, Exception) else fail(values))
    return SimpleNamespace(**{hook: marked, **attributes})


def fail(error):
    raise error


def make_table(name):
    class Made(Table):
        key = Text(primary_key=True)
        amount = Integer()

        class Meta:
            table_name = name

    return Made


def rule(name, run, stage="check", **more):
    return give.Rule(name=name, kind="notebook.note", transition="write", stage=stage, run=run, summary="A rule", **more)


@pytest.fixture
def start(make_engine, notebook):
    """Opens an engine with the notebook and a rogue; the notebook must work after whatever the rogue did."""

    def open_with(rogue, name="rogue"):
        return make_engine(modules={"notebook": notebook, name: rogue})

    return open_with


def test_a_misspelt_hook_stops_the_start(start):
    with pytest.raises(
        StartupError, match=r"'rogue' implements a hook that does not exist.*register_rulez.*The hooks are: register_storage"
    ):
        start(plugin("register_rulez"))


def test_a_clashing_table_stops_the_start_and_names_both(start, notebook):
    class Taken(Table):
        key = Text(primary_key=True)

        class Meta:
            table_name = "notebook_note"

    rogue = plugin("register_storage", [give.Storage(name="rogue", tables=(Taken,))])
    with pytest.raises(StartupError, match=r"'notebook_note' is contributed by both 'notebook' and 'rogue'"):
        start(rogue)


@pytest.mark.parametrize(
    "hook, value, words",
    [
        (
            "register_storage",
            give.Storage(name="rogue", tables=(make_table("shop_thing"),)),
            "'shop_thing' of plugin 'rogue' must carry its prefix",
        ),
        ("register_rules", rule("notebook.steal", fail), r"Rule 'notebook.steal' of plugin 'rogue' must carry its prefix"),
        ("register_definitions", give.Permission(name="all", summary="All"), "Permission 'all' of plugin 'rogue' must carry its prefix"),
        (
            "register_rules",
            give.Rule(name="rogue.x", kind="notebook.page", transition="*", stage="check", run=fail, summary="x"),
            "nobody declares",
        ),
        ("register_rules", rule("rogue.x", fail, stage="party"), "the stages are lines, price"),
        ("register_rules", rule("rogue.x", fail, shapes=True), "only the core's own rooms may"),
        ("register_decisions", give.Decision(name="rogue.x", question="weather", answer=fail, summary="x"), "which nobody asks"),
        ("register_decisions", give.Question(name="rogue.x", summary="x", default=fail), "only the core's own rooms may"),
        ("register_rules", "a rule", "expected frozen values"),
    ],
)
def test_a_contribution_that_does_not_fit_stops_the_start(start, hook, value, words):
    with pytest.raises(StartupError, match=words):
        start(plugin(hook, [value]))


def test_a_missing_requirement_stops_the_start(start):
    with pytest.raises(StartupError, match=r"'rogue' requires 'calendar', which is not enabled\. Install or unblock it"):
        start(plugin(requires=("calendar",)))


def test_another_hook_api_stops_the_start(start):
    with pytest.raises(StartupError, match="'rogue' was written for hook API 7; this Kassa offers 1"):
        start(plugin(hook_api=7))


def test_a_hook_that_raises_stops_the_start(start):
    with pytest.raises(StartupError, match="'rogue' failed in register_rules: ZeroDivisionError"):
        start(plugin(values=ZeroDivisionError()))


def test_the_same_name_twice_names_both_owners(kernel_alone):
    code = give.ErrorCode(code="NOTHING", title="a", meaning="b", action="c")
    first, second = plugin("register_definitions", [code]), plugin("register_definitions", [code])
    with pytest.raises(StartupError, match="'NOTHING' is contributed by both 'other' and 'rogue'"):
        build({"rogue": first, "other": second})


def test_a_taken_route_stops_the_start(start, notebook):
    again = notebook.operation("read", fail, notebook.ReadNote, notebook.NoteView, "read", None)
    rogue = plugin("register_operations", [give.Operation(**{**{f: getattr(again, f) for f in fields(again)}, "name": "rogue.read"})])
    with pytest.raises(StartupError, match=r"GET /notebook/read of 'rogue' \(rogue\.read\) is already taken by notebook\.read"):
        start(rogue)


def test_a_route_that_is_not_the_plugins_own_stops_the_start(start, notebook):
    def at(path, **more):
        known = notebook.operation("read", fail, notebook.ReadNote, notebook.NoteView, "read", None)
        values = {f: getattr(known, f) for f in fields(known)} | {"name": "rogue.read", "http": give.Http(method="GET", path=path)}
        return plugin("register_operations", [give.Operation(**values)], **more)

    with pytest.raises(StartupError, match=r"Route /answers/\{note\} of plugin 'rogue' \(rogue\.read\) must begin with /rogue"):
        start(at("/answers/{note}"))
    for path, more in (("/rogue/{note}", {}), ("/notebook/{note}/rogues", {}), ("/answers/{note}", {"resources": ("answers",)})):
        start(at(path, **more))


def fields(value):
    return [name for name in dir(type(value)) if name in type(value).__annotations__]


def test_an_operation_without_the_plugin_that_it_needs_is_absent(start, notebook, anna):
    made = notebook.operation("read", fail, notebook.ReadNote, notebook.NoteView, "read", None)
    needy = give.Operation(**{**{f: getattr(made, f) for f in fields(made)}, "name": "rogue.read", "http": None, "needs": ("calendar",)})
    engine = start(plugin("register_operations", [needy]))
    with pytest.raises(Exception, match=r"needs calendar, which is not enabled"):
        engine.perform("rogue.read", {}, actor=anna)


def test_a_plugin_that_cannot_be_imported_is_named():
    from importlib.metadata import EntryPoint

    with pytest.raises(StartupError, match=r"'rogue' cannot be imported from no_such_module.*KASSA_BLOCK_PLUGINS=rogue"):
        load({"rogue": EntryPoint(name="rogue", value="no_such_module", group="kassa.plugins")})


def test_plugins_can_be_blocked():
    assert discover(blocked=["*"]) == {}
    assert "rogue" not in discover(blocked=["rogue"])


def test_plugins_load_in_the_order_of_their_names(start, notebook):
    asked = []
    engine = start(SimpleNamespace(register_rules=hookimpl(lambda: asked.append("rogue") or ())))
    assert asked == ["rogue"]
    assert list(engine.registry.plugins) == ["kernel", "notebook", "rogue"]


def steal_by_reader(note, facts, context):
    context.read.rows("UPDATE notebook_paper SET sheets_free = 1000000")


def commit(note, facts, context):
    context.read.rows("COMMIT")


def roll_back(note, facts, context):
    context.read.rows("ROLLBACK")


def steal_by_writer(note, facts, context):
    with context.engine.database.writer() as writer:
        writer.begin()


def steal_by_orm(note, facts, context):
    context.engine.database.orm.execute_sql("DELETE FROM notebook_paper")


def divide(note, facts, context):
    return 1 // 0


def late_failure(note, facts, context):
    yield from ()
    raise LookupError("in the middle of a generator")


def lost_facts(note, facts, context):
    return facts.of(str)


@pytest.mark.parametrize("stage", ["check", "entries"])
@pytest.mark.parametrize("act", [steal_by_reader, commit, roll_back, steal_by_writer, steal_by_orm, divide, late_failure, lost_facts])
def test_a_rule_that_misbehaves_is_named_and_harms_nobody(start, anna, snapshot_of, act, stage):
    def sometimes(note, facts, context):
        return act(note, facts, context) if note.text == "please" else None

    engine = start(plugin(values=[rule("rogue.rule", sometimes, stage=stage)]))
    engine.perform("notebook.add_paper", {"sheets": 100}, actor=anna)
    before = snapshot_of(engine)
    with pytest.raises(PluginError) as caught:
        engine.perform("notebook.write", {"text": "please"}, actor=anna, key="k1")
    assert (caught.value.plugin, caught.value.rule, caught.value.status) == ("rogue", "rogue.rule", 500)
    assert snapshot_of(engine) == before
    with engine.database.snapshot() as read:
        assert read.row("SELECT outcome, code FROM kernel_audit ORDER BY id DESC LIMIT 1") == ("refused", "PLUGIN_FAILED")
    assert engine.perform("notebook.write", {"text": "Hello"}, actor=anna, key="k1").body["number"] == "NOTE-T1-000001"


@pytest.mark.parametrize("act", [steal_by_reader, commit, steal_by_writer, divide])
def test_a_loader_that_misbehaves_is_named(start, anna, notebook, act):
    loader = give.Loader(
        name="rogue.load",
        facts=int,
        load=lambda read, notes, context: act(notes[0], None, context) or {},
        kind="notebook.note",
        transition="write",
    )
    engine = start(plugin(values=[loader]))
    engine.perform("notebook.add_paper", {"sheets": 100}, actor=anna)
    with pytest.raises(PluginError) as caught:
        engine.perform("notebook.write", {"text": "Hello"}, actor=anna, key="k1")
    assert (caught.value.plugin, caught.value.rule) == ("rogue", "rogue.load")
    assert engine.perform("notebook.read_book", {}, actor=anna).body["sheets_free"] == 100


@pytest.mark.parametrize("act", [steal_by_reader, commit, steal_by_writer, divide])
def test_a_handler_that_misbehaves_is_named(start, anna, notebook, act, snapshot_of):
    operation = give.Operation(
        name="rogue.act", summary="Act", effect="edit", request=notebook.AddPaper, response=notebook.BookView, permission=None,
        handler=lambda command, context: act(None, None, context),
    )  # fmt: skip
    engine = start(plugin("register_operations", [operation]))
    before = snapshot_of(engine)
    with pytest.raises(PluginError) as caught:
        engine.perform("rogue.act", {}, actor=anna)
    assert (caught.value.plugin, caught.value.rule) == ("rogue", "rogue.act")
    assert snapshot_of(engine) == before


FOREIGN = (
    object(),
    Row(DocumentRow, {"state": "torn"}, key={"state": "written"}),
    Bulk(DocumentRow, "UPDATE notebook_paper SET sheets_free = 1000000"),
)


@pytest.mark.parametrize("effect", FOREIGN, ids=["no effect", "row of another", "bulk of another"])
def test_effects_that_are_not_its_own_to_make_write_nothing(start, anna, snapshot_of, effect):
    engine = start(plugin(values=[rule("rogue.rule", lambda note, facts, context: [effect], stage="entries")]))
    engine.perform("notebook.add_paper", {"sheets": 100}, actor=anna)
    before = snapshot_of(engine)
    with pytest.raises(PluginError) as caught:
        engine.perform("notebook.write", {"text": "Hello"}, actor=anna, key="k1")
    assert (caught.value.plugin, caught.value.rule) == ("rogue", "rogue.rule")
    assert snapshot_of(engine) == before
    with pytest.raises(PluginError):
        engine.perform("notebook.write", {"text": "Hello"}, actor=anna, preview=True)


def test_two_answers_to_one_question_name_both(start, anna, notebook, monkeypatch):
    def ask(note, facts, context):
        context.decide("weather", note, facts)

    question = give.Question(name="weather", summary="How is the weather?", default=lambda *arguments: "dull")
    from kassa.kernel import hooks

    monkeypatch.setattr(hooks, "register_decisions", hookimpl(lambda: [question]), raising=False)
    decisions = [
        give.Decision(name=f"rogue.{name}", question="weather", answer=lambda *arguments: "fine", summary="x") for name in ("a", "b")
    ]
    rogue = plugin("register_decisions", decisions, register_rules=hookimpl(lambda: [rule("rogue.ask", ask, stage="entries")]))
    engine = start(rogue)
    engine.perform("notebook.add_paper", {"sheets": 100}, actor=anna)
    with pytest.raises(PluginError, match=r"rogue\.a and rogue\.b"):
        engine.perform("notebook.write", {"text": "Hello"}, actor=anna, key="k1")
