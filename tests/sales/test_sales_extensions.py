"""Extension fields of orders and lines: given, checked, kept, read by rules, shown, and left alone when their plugin is gone."""

import importlib.util
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import attrs
import pytest

from kassa import SYSTEM, Extended, Extension, InvalidInput, PluginError, Refused, SalesLine, evolve, hookimpl
from kassa.kernel import extensions
from kassa.kernel.database import Reader
from kassa.kernel.invariants import verify
from kassa.testing.builders import Shop, build_shop, furnish, line
from kassa.testing.ledger import assert_sound
from kassa.testing.suite import CHECKS, Subject, plugin_suite
from kassa.testing.suite import tell as suite_tell

TERMS = {"days": 3, "way": "post", "note": "Bring Ünal's keys, €5"}
DELIVERY = {"terms.delivery": TERMS}
OCCASION = {"terms.occasion": {"name": "Wedding"}}


def load_probe():
    """Import the probe plugin."""
    full = "kassa_probe_terms"
    if full not in sys.modules:
        spec = importlib.util.spec_from_file_location(full, Path(__file__).resolve().parents[1] / "probes" / "terms.py")
        sys.modules[full] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[full])
    return sys.modules[full]


terms = load_probe()


@pytest.fixture
def shop(make_engine):
    """A furnished shop with the probe."""
    return furnish(build_shop(make_engine(modules={"terms": terms})))


@pytest.fixture
def elsewhere(shop, make_engine):
    """Makes the same shop under other plugins."""

    def make(**modules):
        return evolve(shop, engine=make_engine(modules=modules, url=shop.engine.database.url))

    return make


@pytest.fixture
def asked(monkeypatch):
    """The statements with many keys that were read meanwhile."""
    found = []
    plain = Reader.rows_for

    def rows_for(self, sql, *arguments, **options):
        found.append(sql)
        return plain(self, sql, *arguments, **options)

    monkeypatch.setattr(Reader, "rows_for", rows_for)
    return found


def stored(shop):
    """The rows of the core's table, by name."""
    with shop.engine.database.snapshot() as read:
        return read.rows("SELECT name, record_id, document_id, value FROM kernel_extension ORDER BY name, record_id")


def order(shop, **more):
    """Create an order of two lines, one of which has terms."""
    return shop.order(line("LAMP", extensions=DELIVERY), line("VASE"), extensions=OCCASION, customer="C0001", **more)


def refused(shop, operation, command, error=InvalidInput):
    """What a request is refused for: code and pointer of each finding, and the error."""
    with pytest.raises(error) as caught:
        shop.perform(operation, command)
    return [(issue.code, issue.pointer) for issue in caught.value.issues], caught.value


def test_an_order_shows_what_was_given_and_keeps_it(shop):
    made = order(shop)
    assert (made["extensions"], [found["extensions"] for found in made["lines"]]) == (OCCASION, [DELIVERY, {}])
    read = shop.perform("sales.read_order", {"order": made["number"]})
    assert (read["extensions"], [found["extensions"] for found in read["lines"]]) == (OCCASION, [DELIVERY, {}])
    rows = stored(shop)
    assert [(name, document_id, json.loads(value)) for name, _, document_id, value in rows] == [
        ("terms.delivery", made["id"], TERMS),
        ("terms.occasion", made["id"], {"name": "Wedding"}),
    ]
    assert (rows[0][1] == made["id"], rows[1][1]) == (False, made["id"])
    assert_sound(shop)


def test_a_sale_shows_them_too_and_a_default_is_filled_in(shop):
    sold = shop.sell(line("LAMP", extensions={"terms.delivery": {"days": 0}}), extensions=OCCASION, payments={"cash": "100.00"})
    filled = {"days": 0, "way": "van", "note": None}
    assert (sold["extensions"], sold["lines"][0]["extensions"]) == (OCCASION, {"terms.delivery": filled})
    assert shop.perform("sales.read_order", {"order": sold["number"]})["lines"][0]["extensions"] == {"terms.delivery": filled}
    assert verify(shop.engine) == []


def test_the_same_key_answers_the_same(shop):
    command = {"store": shop.store, "lines": [line("LAMP", extensions=DELIVERY)]}
    asked = {"actor": SYSTEM, "key": "once", "legal_entity_id": shop.legal_entity_id}
    first, again = (shop.engine.perform("sales.create_order", command, **asked) for _ in range(2))
    assert (again.replayed, again.text, len(stored(shop))) == (True, first.text, 1)


def test_a_preview_shows_them_and_writes_nothing(shop):
    seen = shop.preview("sales.create_order", {"store": shop.store, "lines": [line("LAMP", extensions=DELIVERY)]})
    assert (seen["result"]["lines"][0]["extensions"], stored(shop)) == (DELIVERY, [])


def test_rules_read_them_when_the_order_is_made(shop):
    command = {"store": shop.store, "lines": [line("VASE"), line("LAMP", extensions={"terms.delivery": {"days": 31}})]}
    found, error = refused(shop, "sales.create_order", command, Refused)
    assert found == [("TERMS_TOO_LONG", "/lines/1/extensions/terms.delivery/days")]
    assert (error.issues[0].plugin, stored(shop)) == ("terms", [])


def test_rules_read_them_when_a_stored_order_is_invoiced(shop):
    made = order(shop)
    shop.deliver(made["number"])
    (invoice,) = shop.invoice(made["number"])
    with shop.engine.database.snapshot() as read:
        ((data,),) = read.rows("SELECT data FROM kernel_outbox WHERE type = 'terms.promised' AND subject = ?", (invoice["id"],))
    assert json.loads(data)["lines"] == [[1, 3]]
    assert_sound(shop)


def test_a_record_gives_its_value_by_class(shop):
    made = order(shop)
    with shop.engine.database.snapshot() as read:
        context = SimpleNamespace(read=read, registry=shop.engine.registry)
        values = extensions.load(read, context.registry, [made["id"]])
    assert values[made["id"]] == (Extended("terms.occasion", terms.Occasion(name="Wedding")),)
    bare = SalesLine(id="l", number=1, product_id="p", product_number="P", description="P", quantity=1000, stocked=True, warehouse_id="w")
    given = evolve(bare, extensions=(Extended("terms.delivery", terms.DeliveryTerms(days=3)), Extended("other.thing", stored="{}")))
    assert (bare.ext(terms.DeliveryTerms), given.ext(terms.DeliveryTerms), given.ext(terms.Occasion)) == (
        None,
        terms.DeliveryTerms(days=3),
        None,
    )
    assert evolve(given, quantity=500).ext(terms.DeliveryTerms) == terms.DeliveryTerms(days=3)


@pytest.mark.parametrize(
    "given, expected",
    [
        ({"days": "3"}, [("INPUT_WRONG_TYPE", "/days")]),
        ({"days": 3, "way": "ship"}, [("INPUT_NOT_ALLOWED", "/way")]),
        ({"way": "van"}, [("INPUT_MISSING", "/days")]),
        ({"days": 3, "hours": 1}, [("INPUT_UNKNOWN_FIELD", "/hours")]),
        ({"days": -1}, [("INPUT_CONTRADICTORY", "")]),
        ({"days": 1.5}, [("INPUT_WRONG_TYPE", "/days")]),
        ({"days": None, "way": 7}, [("INPUT_NULL", "/days"), ("INPUT_NOT_ALLOWED", "/way")]),
    ],
)
def test_what_does_not_fit_is_refused_at_its_place(shop, given, expected):
    command = {"store": shop.store, "lines": [line("VASE"), line("LAMP", extensions={"terms.delivery": given})]}
    place = "/lines/1/extensions/terms.delivery"
    assert refused(shop, "sales.create_order", command)[0] == [(code, place + pointer) for code, pointer in expected]
    assert stored(shop) == []


def test_all_findings_come_at_once(shop):
    lines = [line("LAMP", extensions={"terms.delivery": {}}), line("VASE", extensions={"terms.delivery": {"days": "x"}, "gift.paper": {}})]
    command = {"store": shop.store, "lines": lines, "extensions": {"terms.occasion": {"name": 1}}, "payments": []}
    found, _ = refused(shop, "sales.sell", command)
    assert found == [
        ("INPUT_WRONG_TYPE", "/extensions/terms.occasion/name"),
        ("INPUT_MISSING", "/lines/0/extensions/terms.delivery/days"),
        ("INPUT_UNKNOWN_EXTENSION", "/lines/1/extensions/gift.paper"),
        ("INPUT_WRONG_TYPE", "/lines/1/extensions/terms.delivery/days"),
    ]


@pytest.mark.parametrize("value", [None, 3, "x", []])
def test_an_extension_is_an_object(shop, value):
    command = {"store": shop.store, "lines": [line("LAMP", extensions={"terms.delivery": value})]}
    found, _ = refused(shop, "sales.create_order", command)
    assert [pointer for _, pointer in found] == ["/lines/0/extensions/terms.delivery"]


def test_one_of_another_record_is_refused_with_those_that_fit(shop):
    command = {"store": shop.store, "lines": [line("LAMP")], "extensions": DELIVERY}
    found, error = refused(shop, "sales.create_order", command)
    assert found == [("INPUT_UNKNOWN_EXTENSION", "/extensions/terms.delivery")]
    assert error.issues[0].expected == {"enabled": "terms.occasion"}
    assert 'terms.occasion, got the extension "terms.delivery", which is not enabled' in error.issues[0].message


def test_without_the_plugin_they_are_refused_shown_as_stored_and_left_alone(shop, elsewhere):
    made, before = order(shop), stored(shop)
    alone = elsewhere()
    command = {"store": shop.store, "lines": [line("LAMP", extensions=DELIVERY)]}
    found, error = refused(alone, "sales.create_order", command)
    assert found == [("INPUT_UNKNOWN_EXTENSION", "/lines/0/extensions/terms.delivery")]
    assert "no enabled plugin has one here" in error.issues[0].message
    read = alone.perform("sales.read_order", {"order": made["number"]})
    assert (read["extensions"], [found["extensions"] for found in read["lines"]]) == (OCCASION, [DELIVERY, {}])
    alone.deliver(made["number"])
    (invoice,) = alone.invoice(made["number"])
    assert stored(alone) == before
    assert verify(alone.engine) == []
    with alone.engine.database.snapshot() as database:
        assert database.rows("SELECT 1 FROM kernel_outbox WHERE type = 'terms.promised' AND subject = ?", (invoice["id"],)) == []
    back = elsewhere(terms=terms).perform("sales.read_order", {"order": made["number"]})
    assert back["lines"][0]["extensions"] == DELIVERY


def test_without_any_extension_nobody_asks_for_them(shop, elsewhere, asked, monkeypatch):
    alone = elsewhere()
    monkeypatch.setattr(extensions, "load", None)
    monkeypatch.setattr(extensions, "rows", None)
    monkeypatch.setattr(extensions, "read", None)
    alone.sell(line("LAMP"), payments={"cash": "100.00"})
    made = alone.order(line("LAMP"), customer="C0001")
    alone.deliver(made["number"])
    alone.invoice(made["number"])
    assert asked != []
    assert [sql for sql in asked if "kernel_extension" in sql] == []


def test_many_orders_cost_one_query(shop, asked):
    numbers = [order(shop)["number"] for _ in range(3)]
    asked.clear()
    shop.invoice(*numbers, quantity_basis="all")
    assert len([sql for sql in asked if "kernel_extension" in sql]) == 1


def test_a_sale_without_values_writes_none_and_reads_none(shop, asked):
    shop.sell(line("LAMP"), payments={"cash": "100.00"})
    assert (stored(shop), [sql for sql in asked if "kernel_extension" in sql]) == ([], [])


def grown(**fields):
    """The probe in a later version, whose terms have other fields."""
    value = attrs.make_class("DeliveryTerms", fields, frozen=True, kw_only=True)
    value.__doc__ = "How fast a line is delivered."
    extension = Extension(name="terms.delivery", summary="How a line is delivered", of=SalesLine, value=value)
    return SimpleNamespace(register_documents=hookimpl(lambda: [extension]))


OLD = {"days": attrs.field(type=int), "way": attrs.field(type=str), "note": attrs.field(type=str | None)}


def test_a_field_that_is_added_with_a_default_is_there_for_old_records(shop, elsewhere):
    made = order(shop)
    later = elsewhere(terms=grown(**OLD, insured=attrs.field(type=bool, default=False)))
    read = later.perform("sales.read_order", {"order": made["number"]})
    assert read["lines"][0]["extensions"]["terms.delivery"] == {**TERMS, "insured": False}
    assert read["extensions"] == OCCASION
    assert verify(later.engine) == []


def test_a_class_that_no_longer_fits_is_named_and_verify_finds_it(shop, elsewhere):
    made = order(shop)
    later = elsewhere(terms=grown(**OLD, insured=attrs.field(type=bool)))
    with pytest.raises(PluginError, match=r"terms\.delivery.*fields that are added need a default") as caught:
        later.perform("sales.read_order", {"order": made["number"]})
    assert (caught.value.plugin, caught.value.rule) == ("terms", "terms.delivery")
    (finding,) = verify(later.engine)
    assert (finding.invariant, finding.row.split()[:2]) == ("kernel.extensions_fit", ["extension", "terms.delivery"])


def test_a_class_that_breaks_is_laid_at_its_plugins_door(shop, elsewhere):
    def fail(instance, attribute, value):
        raise RuntimeError("the secret 4711")

    later = elsewhere(terms=grown(days=attrs.field(type=int, validator=fail)))
    with pytest.raises(PluginError, match=r'plugin "terms" failed in "terms\.delivery": RuntimeError') as caught:
        later.order(line("LAMP", extensions={"terms.delivery": {"days": 1}}))
    assert "4711" not in caught.value.detail


def test_what_is_stored_never_changes(shop):
    order(shop)
    for statement in ("UPDATE kernel_extension SET value = '{}'", "DELETE FROM kernel_extension"):
        with pytest.raises(Exception, match="append-only: rows of kernel_extension never change"):
            shop.engine.database.orm.execute_sql(statement)


def test_a_document_with_the_value_of_another_extension_is_not_written(shop, monkeypatch):
    wrong = (Extended("terms.occasion", terms.DeliveryTerms(days=1)),)
    monkeypatch.setattr(extensions, "read", lambda *arguments: wrong)
    with pytest.raises(PluginError, match="DeliveryTerms is not what this extension adds to a SalesOrder"):
        shop.order(line("LAMP"), extensions=OCCASION)
    assert stored(shop) == []


def test_the_suite_wants_extensions_described_and_used(database_kind, kassa_databases):
    bare = grown(days=attrs.field(type=int))
    (given,) = bare.register_documents()
    given.value.__doc__ = ""
    subject = Subject(name="terms", modules={"terms": bare})
    (check,) = (check for check in CHECKS if check.__name__ == "extensions")
    assert list(check(subject)) == ["terms.delivery: DeliveryTerms of its value has no docstring"]
    seen = list(suite_tell(subject, build_shop, kassa_databases, database_kind))
    assert seen == ["the story never gives a SalesLine the extension terms.delivery"]
    (seen,) = suite_tell(subject, None, kassa_databases, database_kind)
    assert "needs a story" in seen


def tell(engine):
    """Use the probe as its users would."""
    shop: Shop = furnish(build_shop(engine))
    made = order(shop)
    shop.invoice(made["number"], quantity_basis="all")


TestTermsSuite = plugin_suite("terms", {"terms": terms}, story=tell, exempt={"readme": "a probe is one file"})
