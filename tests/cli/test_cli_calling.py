"""call: any operation, with the checks of every host; refusals in words that point at the field."""

import json
import sqlite3
from pathlib import Path

import pytest

from kassa.cli import problems
from kassa.kernel.engine import Engine
from kassa.kernel.errors import Issue, OverrideRequired

SALE = {"store": "S001", "lines": [{"product": "85123A", "quantity": "1"}], "payments": [{"tender": "cash", "amount": "2.55"}]}


def rows_of(shop):
    """The rows of every table, to compare before and after."""
    connection = sqlite3.connect(shop.url.removeprefix("sqlite:///"))
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
    counts = {name: list(connection.execute(f"SELECT * FROM {name}")) for name in names if not name.startswith("catalog_product_text")}
    connection.close()
    return counts


def test_a_sale(shop):
    sale = shop.json("call", "sales.sell", "-", input=json.dumps(SALE))
    assert sale["invoice"].startswith("INV-")
    assert sale["total"] == "2.55"
    assert shop.json("call", "sales.read_invoice", f"invoice={sale['invoice']}")["total"] == "2.55"
    assert "All is well" in shop("verify").stdout


def test_a_preview_writes_nothing_and_agrees_with_the_sale(shop):
    before = rows_of(shop)
    preview = json.loads(shop.sell(more=["--preview"]).stdout)
    assert rows_of(shop) == before
    assert preview["preview"] is True
    assert sum(float(entry["debit"] or 0) - float(entry["credit"] or 0) for entry in preview["postings"]) == pytest.approx(0)
    assert preview["result"]["total"] == json.loads(shop.sell().stdout)["total"]


def test_a_preview_of_what_would_be_refused_says_so(shop):
    shown = shop.sell(amount="1.00", more=["--preview"], status=1)
    assert json.loads(shown.stdout)["issues"][0]["code"] == "SALES_TENDER_UNBALANCED"
    assert "/payments" in shown.stderr


def test_the_same_key_twice_is_one_sale(shop):
    first = shop.sell(more=["--key", "k-1"])
    again = shop.sell(more=["--key", "k-1"])
    assert json.loads(again.stdout) == json.loads(first.stdout)
    assert "done before under the same key" in again.stderr
    assert "IDEMPOTENCY_KEY_REUSED" in shop.sell(quantity="1", amount="2.55", more=["--key", "k-1"], status=1).stderr


def test_a_new_key_is_told(shop):
    assert "Idempotency key: " in shop.sell().stderr


def test_a_refusal_points_at_the_field_and_says_what_to_do(shop):
    lines = '[{"product": "85123A", "quantity": "1"}, {"product": "no-such", "quantity": "1"}]'
    shown = shop("call", "sales.sell", "store=S001", f"lines:={lines}", status=1)
    assert "/lines/1/product" in shown.stderr
    assert "products/search" in shown.stderr
    assert shown.stdout == ""
    assert "Traceback" not in shown.output


def test_malformed_input_is_refused_with_every_mistake(shop):
    shown = shop("call", "sales.sell", "store=S001", 'lines:=[{"product": "85123A", "quantity": "1.2345", "colour": "red"}]', status=1)
    assert "/lines/0/quantity" in shown.stderr
    assert "/lines/0/colour" in shown.stderr


def test_json_gives_the_problem_document(shop):
    problem = json.loads(shop.sell(quantity="100000", amount="1.00", more=["--json"], status=1).stdout)
    assert {"type", "title", "status", "code", "issues"} <= set(problem)
    assert problem["issues"][0]["pointer"].startswith("/")
    assert shop.json("call", "org.read_store", "store=NONE", "--json", status=1)["status"] == 404


def test_a_request_may_be_mixed_of_its_forms(shop):
    Path("sale.json").write_text(json.dumps(SALE))
    sale = shop.json("call", "sales.sell", "@sale.json", "reference=WEB-1", 'payments:=[{"tender": "card", "amount": "2.55"}]')
    assert sale["payments"][0]["tender"] == "card"
    assert shop.json("call", "sales.read_order", "order=WEB-1")["total"] == "2.55"
    page = shop.json("call", "catalog.list_products", "limit=3", "released=true", "kind=goods")
    assert len(page["items"]) == 3


@pytest.mark.parametrize(
    "parts, said",
    [
        (["limit"], "no part of a request"),
        (["@none.json"], "cannot be read"),
        (["lines:=[1"], "lines is no JSON"),
        (["-"], "expected an object"),
        (["--register", "T1"], "give --store too"),
    ],
)
def test_a_request_that_cannot_be_read_is_wrong_usage(shop, parts, said):
    assert said in shop("call", "sales.list_orders", *parts, input="[]", status=2).stderr


def test_standing_at_a_till_numbers_its_documents(shop):
    sale = json.dumps({**SALE, "store": None})
    made = shop.json("call", "sales.sell", "-", "--store", "S002", "--register", "T7", input=sale)
    assert (made["store"], made["invoice"]) == ("S002", "INV-T7-000001")


def test_a_change_for_another_version_is_refused(shop):
    changed = shop.json("call", "org.change_store", "store=S001", "name=Covent Garden", "--if-match", "1")
    assert changed["version"] == 2
    assert "version 2" in shop("call", "org.change_store", "store=S001", "name=Other", "--if-match", "1", status=1).stderr


def test_the_legal_entity_can_be_named(shop):
    shop("init", "--yes", "--legal-entity", "NL01")
    assert "ORG_LEGAL_ENTITY_NEEDED" in shop("call", "org.list_stores", status=1).stderr
    listed = shop.json("call", "org.list_stores", "--legal-entity", "NL01")["items"]
    assert [store["number"] for store in listed] == ["S001"]
    by_variable = shop.json("call", "org.list_stores", env={"KASSA_LEGAL_ENTITY": "GB01"})["items"]
    assert len(by_variable) == 3
    assert '"XX01"' in shop("call", "org.list_stores", "--legal-entity", "XX01", status=1).stderr


def test_who_called_stands_in_the_audit_trail(shop, monkeypatch):
    monkeypatch.setenv("LOGNAME", "ada")
    shop.sell()
    connection = sqlite3.connect(shop.url.removeprefix("sqlite:///"))
    actors = {actor for (actor,) in connection.execute("SELECT actor FROM kernel_audit WHERE operation = 'sales.sell'")}
    connection.close()
    assert actors == {"local-administrator:ada"}


def test_an_approval_is_handed_on(shop, monkeypatch):
    seen = {}
    perform = Engine.perform

    def watch(engine, operation, command, **options):
        seen.setdefault(getattr(operation, "name", operation), options.get("approval"))
        return perform(engine, operation, command, **options)

    monkeypatch.setattr(Engine, "perform", watch)
    token = "01a1f900-0000-7000-8000-000000000001"
    shop.sell(more=["--approval", token])
    assert seen["sales.sell"] == token


def test_a_refusal_that_can_be_approved_names_the_token(capsys):
    issue = Issue(code="SALES_PRICE_OVERRIDE", message="Line 1: you may not.", severity="approvable", permission="sales.override_price")
    assert problems.show(OverrideRequired([issue], {"token": "the-token"})) == problems.REFUSED
    assert "repeat this with --approval" in capsys.readouterr().err
