"""verify: silent where all is well, and naming the row where something is not."""

import json
import sqlite3

import psycopg


def run(url, statement):
    """Run one statement behind the engine's back; gives what it returns."""
    if url.startswith("sqlite:///"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        found = connection.execute(statement).fetchall()
        connection.commit()
        connection.close()
        return found
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(statement).fetchall()


def damage(kassa, number):
    """Give a product more stock than its history explains, and answer its id, which the verifier must name."""
    ((product_id, warehouse_id),) = run(
        kassa.url,
        f"SELECT p.id, w.id FROM catalog_product p, org_warehouse w WHERE p.number = '{number}' AND w.code = 'S001'",
    )
    changed = run(
        kassa.url,
        f"UPDATE stock_balance SET on_hand = on_hand + 1000 WHERE product_id = '{product_id}' AND warehouse_id = '{warehouse_id}' RETURNING 1",
    )
    assert len(changed) == 1
    return str(product_id)


def test_a_healthy_database_is_silent(shop):
    assert "All is well" in shop("verify").stdout
    answer = shop.json("verify", "--json")
    assert answer["findings"] == []
    assert "kernel.numbers_gapless" in answer["verified"]


def test_planted_damage_is_found_and_its_row_named(shop):
    product_id = damage(shop, "85123A")
    shown = shop("verify", status=1)
    assert product_id in shown.stdout
    assert "findings" in shown.stdout
    findings = shop.json("verify", "--json", status=1)["findings"]
    assert any(finding["invariant"].startswith("stock.") and product_id in finding["row"] for finding in findings)


def test_what_is_verified_can_be_listed(kassa):
    listed = {entry["name"]: entry["summary"] for entry in kassa.json("verify", "--list", "--json")}
    assert listed["kernel.numbers_gapless"] == "Numbers of a series are 1 to the last, without gap."
    assert "kernel.numbers_gapless" in kassa("verify", "--list").stdout


def test_a_walk_on_both_databases(on_database):
    """From nothing to a sale, on SQLite and on PostgreSQL, with the books balanced and damage found."""
    on_database("init", "--yes", "--tax", "21")
    products = '[{"number": "P1", "name": "Lamp", "price": "12.10", "standard_cost": "4.00"}]'
    terms = ["price_list=RETAIL", "item_model_group=GOODS", "tax_group=STANDARD"]
    on_database("call", "catalog.load_products", f"products:={products}", *terms)
    on_database("call", "stock.adjust", "store=S001", "reason=opening", 'lines:=[{"product": "P1", "quantity": "5"}]')
    sale = json.loads(on_database.sell("2", "24.20", product="P1").stdout)
    assert (sale["net"], sale["tax"], sale["total"]) == ("20.00", "4.20", "24.20")
    assert "/lines/0/quantity" in on_database.sell("9", "108.90", product="P1", status=1).stderr
    (stock,) = on_database.json("call", "stock.read", "product=P1", "store=S001")["items"]
    assert stock["on_hand"] == "3"
    total = on_database.json("report", "ledger.trial_balance", "--format", "json")[-1]
    assert total["balance"] == "0.00"
    assert "All is well" in on_database("verify").stdout
    assert damage(on_database, "P1") in on_database("verify", status=1).stdout
