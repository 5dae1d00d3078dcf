"""The example of each hook, run: what the reference shows is what happens."""

import pytest

from kassa.kernel.contributions import Permission, Report
from kassa.kernel.engine import Engine
from kassa.kernel.errors import Refused, Unavailable
from kassa.kernel.invariants import verify
from kassa.kernel.jobs import Runner, start
from kassa.kernel.operations import Result
from kassa.kernel.outbox import dispatch
from kassa.kernel.permissions import SYSTEM, Actor
from kassa.kernel.values import new_id
from kassa.org.access import powers_of
from kassa.sales.documents import OrderType
from kassa.testing.builders import line


def test_register_storage_makes_tables_that_are_kept_and_verified(open_shop, example):
    engine = open_shop({"bell": example("register_storage")}).engine
    assert verify(engine) == []
    engine.database.orm.execute_sql(f"INSERT INTO bell_ring (id, ordinal, rung_at) VALUES ('{new_id()}', 0, 1)")
    assert [(finding.invariant, finding.row) for finding in verify(engine)] == [("bell.ordinal", "ring 0")]
    with pytest.raises(Exception, match="append-only: rows of bell_ring never change"):
        engine.database.orm.execute_sql("UPDATE bell_ring SET ordinal = 1")


def test_register_documents_adds_a_type_of_order_with_its_signs(open_shop, example):
    shop = open_shop({"bell": example("register_documents")})
    assert shop.engine.registry.get(OrderType, "bell.samples").signs == "sale"
    assert shop.engine.registry.owner(OrderType, "bell.samples").name == "bell"
    contact = {"bell.contact": {"name": "Ada", "telephone": None}}
    assert shop.order(line("TEA"), extensions={"bell.contact": {"name": "Ada"}})["extensions"] == contact


def test_register_definitions_adds_a_setting_a_permission_and_a_code(open_shop, example):
    shop = open_shop({"bell": example("register_definitions")})
    assert shop.perform("settings.read", {"name": "bell.volume"})["setting"]["value"] == "5"
    shop.set_setting("bell.volume", "0")
    assert shop.perform("settings.read", {"name": "bell.volume"})["setting"]["value"] == "0"
    assert "bell.silence" in powers_of(shop.engine.registry, ["store_manager"]).permissions
    assert "bell.silence" not in powers_of(shop.engine.registry, ["cashier"]).permissions
    assert shop.engine.registry.find(Permission, "bell.silence") is not None


def test_register_rules_checks_every_order(open_shop, example):
    shop = open_shop({"bell": example("register_rules")})
    with pytest.raises(Refused) as caught:
        shop.sell(line("TEA", "100.001"))
    (issue,) = [issue for issue in caught.value.issues if issue.code == "BELL_TOO_HEAVY"]
    assert (issue.rule, issue.plugin, issue.pointer) == ("bell.load", "bell", "/lines/0/quantity")
    assert shop.sell(line("TEA", "2"), payments={"cash": "24.20"})["number"] == "SO-S001-000001"


def test_register_decisions_answers_where_it_wants_and_passes_elsewhere(open_shop, example):
    shop = open_shop({"bell": example("register_decisions")})
    assert shop.sell(line("TEA"), payments={"cash": "12.10"})["total"] == "12.10"
    sunday = shop.sell(line("TEA"), payments={"cash": "1.21"}, date="2026-11-22")
    assert (sunday["total"], sunday["lines"][0]["unit_price"]) == ("1.21", "1")


def test_register_operations_adds_a_verb_that_everybody_may_call(open_shop, example):
    shop = open_shop({"bell": example("register_operations")})
    shop.set_setting("bell.volume", "7")
    nobody = Actor(id="nobody", name="Nobody", legal_entities=frozenset({shop.legal_entity_id}))
    assert shop.perform("bell.read_volume", {}, actor=nobody) == {"volume": 7}


def test_register_services_offers_a_provider_of_a_port(open_shop, example):
    module = example("register_services")
    engine = open_shop({"bell": module}).engine
    engine.services.provider("bell.loudspeaker").announce("We close at six.")
    assert engine.services.provider("bell.loudspeaker").announced == ["We close at six."]
    assert engine.services.chosen()["bell.loudspeaker"] == "bell.silence"


def test_register_services_is_asked_before_planning_and_may_be_down(make_engine, probe):
    engine = make_engine(modules={"courier": probe("courier")})
    assert engine.perform("courier.ask", {"grams": 21}, actor=SYSTEM).body["price"] == 42
    engine.services.replace("courier.carrier", probe("courier").Telephone())
    with pytest.raises(Unavailable, match="does not answer"):
        engine.perform("courier.ask", {"grams": 22}, actor=SYSTEM)
    with engine.database.snapshot() as read:
        assert read.rows("SELECT grams, price FROM courier_offer") == [(21, 42)]


def test_register_services_has_one_active_provider_a_port(make_engine, probe, database_url):
    modules = {"courier": probe("courier")}
    engine = Engine.open(database_url, modules=modules, providers={"courier.carrier": "courier.telephone"})
    assert engine.services.chosen()["courier.carrier"] == "courier.telephone"
    engine.close()


def test_register_events_hears_of_an_invoice_once(open_shop, example):
    module = example("register_events")
    shop = open_shop({"bell": module})
    number = shop.sell(line("TEA"), payments={"cash": "12.10"})["invoice"]
    assert module.RUNG == {}
    dispatch(shop.engine)
    dispatch(shop.engine)
    assert list(module.RUNG.values()) == [number]


def test_register_jobs_works_in_chunks_and_announces_each_item(open_shop, example):
    module = example("register_jobs")
    shop = open_shop({"bell": module})
    operation = shop.engine.operation("jobs.list")

    def plan(context):
        job = start(context, "bell.ringing", module.RingOften(times=7))
        return Result(view=lambda numbers: job)

    request = shop.engine._admit(operation, None, SYSTEM, None, shop.legal_entity_id, False, None, "live", None)
    job_id = shop.engine.perform_planned(request, plan).response.id
    Runner(shop.engine).run_next()
    job = shop.perform("jobs.read", {"job": job_id})
    assert (job["state"], job["done"], job["total"]) == ("done", 7, 7)
    with shop.engine.database.snapshot() as read:
        assert read.value("SELECT count(*) FROM kernel_outbox WHERE type = 'bell.rung'") == 7


def test_register_reports_gives_rows_of_its_columns(open_shop, example):
    module = example("register_reports")
    engine = open_shop({"bell": module}).engine
    engine.database.orm.execute_sql("INSERT INTO bell_rings (date, rings) VALUES ('2026-11-21', 3), ('2026-11-22', 1)")
    report = engine.registry.get(Report, "bell.by_day")
    with engine.database.snapshot() as read:
        rows = [tuple(row) for row in report.run(read, module.AtLeast(rings=2), None)]
    assert (report.columns, rows) == (("date", "rings"), [("2026-11-21", 3)])
