"""A plugin that misbehaves in a sale stops that sale, is named, and harms nobody: no row changes and the next sale goes on."""

import sqlite3
from contextlib import suppress
from types import SimpleNamespace

import psycopg
import pytest

from kassa.kernel import contributions as give
from kassa.kernel.clock import FixedClock
from kassa.kernel.database import Retryable
from kassa.kernel.engine import Engine
from kassa.kernel.errors import Issue, PluginError, Refused
from kassa.kernel.plan import Claim, Event, Row
from kassa.kernel.plugins import hookimpl
from kassa.ledger.documents import Entry, dimension_set
from kassa.stock.models import StockBalanceRow

STEAL = "UPDATE stock_balance SET on_hand = 1000000"
STAGES = [
    ("order", "create", "check"), ("packing_slip", "post", "cost"), ("packing_slip", "post", "stock"), ("invoice", "post", "entries"),
    ("payment", "post", "derived"),
]  # fmt: skip
PLACES = ["-".join(place) for place in STAGES]


def plugin(hook, *values):
    """A plugin with one hook."""
    return SimpleNamespace(**{hook: hookimpl(lambda: values)})


def rule(run, kind="invoice", transition="post", stage="entries"):
    """A plugin with one rule."""
    return plugin("register_rules", give.Rule(name="rogue.rule", kind=kind, transition=transition, stage=stage, run=run, summary="A rule"))


@pytest.fixture
def infect(shop):
    """Opens the shop's installation with plugins in it; gives the shop as those who work there see it."""
    engines = []

    def open_with(**modules):
        engines.append(Engine.open(shop.engine.database.url, modules=modules, clock=FixedClock(shop.engine.clock.now())))
        infected = shop.by("sales.sell", "sales.read")
        infected.engine = engines[-1]
        return infected

    yield open_with
    for engine in engines:
        engine.close()


@pytest.fixture
def command(shop):
    """A sound sale."""
    return shop.sale((shop.product("10.00"), "1"), payments=[("cash", "12.10")])


def raise_at_once(document, facts, context):
    raise ZeroDivisionError("in a rule")


def raise_late(document, facts, context):
    yield Event("rogue.happened", {})
    raise LookupError("in the middle of a generator")


def ask_for_foreign_facts(document, facts, context):
    return facts.of(str)


def write_by_the_reader(document, facts, context):
    context.read.rows(STEAL)


def write_behind_a_query(document, facts, context):
    context.read.rows(f"SELECT 1; {STEAL}")


def write_by_the_connection(document, facts, context):
    context.read.connection.rows(STEAL, ())


def write_by_a_writer(document, facts, context):
    with context.engine.database.writer() as writer:
        writer.begin()


def write_by_the_orm(document, facts, context):
    context.engine.database.orm.execute_sql(STEAL)


def commit(document, facts, context):
    context.read.rows("COMMIT")


def roll_back(document, facts, context):
    context.read.rows("ROLLBACK")


ACTS = [
    raise_at_once, raise_late, ask_for_foreign_facts, write_by_the_reader, write_behind_a_query, write_by_the_connection, write_by_a_writer,
    write_by_the_orm, commit, roll_back,
]  # fmt: skip


def expect_named(shop, infected, command, name="rogue.rule", plugins="rogue"):
    """The sale is refused naming the plugin, nothing changes but the audit trail, and without the plugin the sale goes on."""
    before = shop.tables()
    with pytest.raises(PluginError) as caught:
        infected.perform("sales.sell", command, key=f"rogue-{shop.store}")
    assert (caught.value.plugin, caught.value.rule, caught.value.status, caught.value.code) == (plugins, name, 500, "PLUGIN_FAILED")
    assert shop.tables() == before
    outcome, code = shop.rows("SELECT outcome, code FROM kernel_audit ORDER BY id DESC LIMIT 1")[0]
    assert (outcome, code) == ("refused", "PLUGIN_FAILED")
    assert infected.do("sales.list_orders", limit=1)["items"] is not None
    assert shop.perform("sales.sell", command, key=f"rogue-{shop.store}").body["number"] == f"SO-{shop.store}-000001"


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_a_rule_that_misbehaves_is_named(shop, infect, command, act):
    expect_named(shop, infect(rogue=rule(act)), command)


@pytest.mark.parametrize("place", STAGES, ids=PLACES)
@pytest.mark.parametrize("act", [raise_at_once, write_by_the_reader], ids=lambda act: act.__name__)
def test_wherever_it_happens_in_a_sale(shop, infect, command, place, act):
    kind, transition, stage = place
    expect_named(shop, infect(rogue=rule(act, kind, transition, stage)), command)


def test_a_preview_is_refused_for_it_as_well(shop, infect, command):
    infected = infect(rogue=rule(raise_at_once))
    before = shop.tables(audit=True)
    with pytest.raises(PluginError, match=r'The plugin "rogue" failed in "rogue\.rule"'):
        infected.perform("sales.sell", command, preview=True)
    assert shop.tables(audit=True) == before


def test_an_act_within_an_act_by_the_back_door_is_stopped(shop, infect, command):
    inner = {**command, "lines": [{"product": shop.product("1.00"), "quantity": "1"}], "payments": [{"tender": "cash", "amount": "1.21"}]}

    def again(document, facts, context):
        if document.total == 1210:
            context.engine.perform("sales.sell", inner, actor=context.actor, key="behind", legal_entity_id=context.legal_entity_id)

    expect_named(shop, infect(rogue=rule(again)), command)


def test_two_plugins_that_give_the_price_are_both_named(shop, infect, command):
    def decision(name, price):
        answer = lambda document, facts, context: {line.id: (price, name) for line in document.lines}  # noqa: E731
        return plugin("register_decisions", give.Decision(name=f"{name}.price", question="price", answer=answer, summary="A price"))

    cheap, dear = decision("cheap", 1_000_000), decision("dear", 99_000_000)
    sold = infect(cheap=cheap).perform("sales.sell", {**command, "payments": [{"tender": "cash", "amount": "1.21"}]}).body
    assert sold["net"] == "1.00"
    before = shop.tables()
    with pytest.raises(PluginError, match=r'cheap\.price and dear\.price" failed in "price".*block one'):
        infect(cheap=cheap, dear=dear).perform("sales.sell", command)
    assert shop.tables() == before
    assert shop.do("sales.sell", **command)["net"] == "10.00"


def test_a_decision_that_raises_is_named(shop, infect, command):
    decision = give.Decision(name="rogue.price", question="price", answer=raise_at_once, summary="A price")
    expect_named(shop, infect(rogue=plugin("register_decisions", decision)), command, name="rogue.price")


def break_once(broken):
    """Something that a rule, a loader or a decision does while its connection breaks, the first time."""

    def run(*given):
        if broken:
            raise Retryable(broken.pop())

    return run


@pytest.mark.parametrize("place", ["rule", "loader", "decision"])
def test_a_connection_that_breaks_while_planning_is_no_plugins_fault(shop, infect, command, place):
    broken = ["the server closed the connection"]
    run = break_once(broken)
    modules = {
        "rule": lambda: rule(run),
        "loader": lambda: plugin(
            "register_rules",
            give.Loader(name="rogue.load", facts=int, load=lambda *given: run(*given) or {}, kind="order", transition="create"),
        ),
        "decision": lambda: plugin("register_decisions", give.Decision(name="rogue.price", question="price", answer=run, summary="A price")),
    }
    assert infect(rogue=modules[place]()).perform("sales.sell", command).body["number"] == f"SO-{shop.store}-000001"
    assert broken == []


def swallow(document, facts, context):
    with suppress(sqlite3.Error, psycopg.Error):
        context.read.rows("SELECT nothing FROM nowhere")


def test_who_swallows_an_error_of_the_database_is_named(shop, infect, command):
    expect_named(shop, infect(rogue=rule(swallow)), command)


def test_a_check_that_returns_no_issues_is_named(shop, infect, command):
    expect_named(shop, infect(rogue=rule(lambda document, facts, context: ["no"], stage="check")), command)


def test_a_loader_that_returns_no_facts_is_named(shop, infect, command):
    loader = give.Loader(name="rogue.load", facts=int, load=lambda *given: [1], kind="order", transition="create")
    expect_named(shop, infect(rogue=plugin("register_rules", loader)), command, name="rogue.load")


@pytest.mark.parametrize("question", ["treat_lines", "price", "tax"])
def test_an_answer_of_another_type_is_named(shop, infect, command, question):
    decision = give.Decision(name="rogue.answer", question=question, answer=lambda *given: [], summary="An answer")

    infected = infect(rogue=plugin("register_decisions", decision))
    with pytest.raises(PluginError, match=rf"answers {question} by a list; expected a Mapping") as caught:
        infected.perform("sales.sell", command)
    assert (caught.value.plugin, caught.value.rule) == ("rogue", "rogue.answer")


def test_a_loader_that_raises_is_named(shop, infect, command):
    loader = give.Loader(name="rogue.load", facts=int, load=lambda read, documents, context: read.rows(STEAL), kind="order", transition="create")
    expect_named(shop, infect(rogue=plugin("register_rules", loader)), command, name="rogue.load")


@pytest.mark.parametrize(
    "effect", [object(), Row(StockBalanceRow, {"on_hand": 10**9}, key={"on_hand": 100_000})], ids=["no effect", "a row of another"]
)
def test_an_effect_that_is_not_its_own_to_make_is_refused(shop, infect, command, effect):
    expect_named(shop, infect(rogue=rule(lambda document, facts, context: [effect])), command)


def test_a_rule_cannot_unbalance_the_books(shop, infect, command):
    def one_sided(document, facts, context):
        account = context.read.value("SELECT id FROM ledger_account WHERE legal_entity_id = ? AND number = '4000'", (document.legal_entity_id,))
        return [Entry(account, -100, dimension_set(("store", document.store_number)), "EUR", -100)]

    before = shop.tables()
    with pytest.raises(Refused) as caught:
        infect(rogue=rule(one_sided)).perform("sales.sell", command)
    (issue,) = caught.value.issues
    assert (caught.value.code, issue.rule, issue.got) == ("INV_VOUCHER_UNBALANCED", "ledger.balance", "-100")
    assert "rogue.rule" in issue.message
    assert shop.tables() == before


def test_a_rule_cannot_sell_what_is_not_there(shop, infect, command):
    product = command["lines"][0]["product"]
    (product_id,), (warehouse_id,) = (
        shop.rows("SELECT id FROM catalog_product WHERE number = ?", product)[0],
        shop.rows("SELECT warehouse_id FROM org_store WHERE number = ?", shop.store)[0],
    )

    def take_all(document, facts, context):
        return [Claim("stock.balance", (product_id, warehouse_id), {"reserved": 100_000}, "available")]

    before = shop.tables()
    with pytest.raises(Refused) as caught:
        infect(rogue=rule(take_all)).perform("sales.sell", command)
    assert (caught.value.code, caught.value.issues[0].got) == ("BALANCE_EXCEEDED", "-1000")
    assert shop.tables() == before


def test_a_plugin_may_refuse_and_says_why_under_its_own_name(shop, infect, command):
    def never(document, facts, context):
        yield Issue(code="ROGUE_NEVER", message="Not on a Monday. Come back tomorrow.", pointer="/date")

    error = infect(rogue=rule(never, "order", "create", "check")).refused("sales.sell", command)
    (issue,) = error.issues
    assert (error.code, issue.plugin, issue.rule, issue.pointer) == ("ROGUE_NEVER", "rogue", "rogue.rule", "/date")
