"""A preview is the act without its effects: no row of any table changes, and it says what the act then does, to the entry."""

import pytest

ENTRIES = (
    "SELECT d.kind, a.number, a.name, e.amount, e.correction, s.canonical, e.rule FROM ledger_entry e "
    "JOIN kernel_document d ON d.id = e.document_id JOIN ledger_account a ON a.id = e.account_id "
    "JOIN ledger_dimension_set s ON s.id = e.dimension_set_id WHERE d.id IN {keys}"
)
STEPS = (
    "SELECT d.kind, t.product_id, t.warehouse_id, t.from_status, t.to_status, t.quantity, t.rule FROM stock_transaction t "
    "JOIN kernel_document d ON d.id = t.document_id WHERE d.id IN {keys}"
)


def cash_sale(shop):
    """A sale of goods and a service, with a charge, a discount and change."""
    lamp, repair = shop.product("10.00"), shop.product("35.00", kind="service")
    line = {"product": lamp, "quantity": "2.5", "discount": "1.00"}
    return "sales.sell", shop.sale(line, (repair, "1"), charges=[{"code": "freight", "amount": "4.95"}], payments=[("card", "20.00"), ("cash", "60.00")])


def exchange(shop):
    """A sale whose goods come back and go out, with money paid out."""
    return "sales.sell", shop.sale((shop.product("90.00"), "-1"), (shop.product("30.00"), "1"), payments=[("cash", "-72.60")])


def order(shop):
    """An order, of which nothing is booked."""
    command = shop.sale((shop.product("10.00"), "3"), reference=f"P-{shop.store}")
    del command["payments"]
    return "sales.create_order", command


def packing_slip(shop):
    """Part of an order's goods."""
    made = shop.order((shop.product("10.00", group="PHYSICAL"), "3"))
    return "sales.post_packing_slip", {"order": made["number"], "lines": [{"line": 1, "quantity": "2"}]}


def invoices(shop):
    """Two orders at once, one of them delivered only now, as a correction."""
    orders = [shop.order((shop.product("10.00", group="PHYSICAL"), quantity)) for quantity in ("3", "-1")]
    shop.deliver(orders[0])
    chosen = [{"order": made["number"]} for made in orders]
    return "sales.post_invoices", {"orders": chosen, "quantity_basis": "all", "correction": True, "due_date": "2026-04-01"}


def adjustment(shop):
    """Stock that comes in and goes out."""
    lines = [{"product": shop.product(), "quantity": "-3"}, {"product": shop.product(stock="0"), "quantity": "5", "unit_cost": "2.00"}]
    return "stock.adjust", {"store": shop.store, "reason": "count", "lines": lines}


ACTS = [cash_sale, exchange, order, packing_slip, invoices, adjustment]
IDS = [act.__name__ for act in ACTS]


def documents(shop, known=0):
    """The ids of all documents but the first so many, in the order in which they were made."""
    return [row[0] for row in shop.rows("SELECT id FROM kernel_document ORDER BY id")][known:]


KNOWN_AFTERWARDS = ("id", "lot", "number", "packing_slip", "invoice", "warnings")


def nameless(value):
    """An answer without what is only known afterwards: ids and numbers."""
    if isinstance(value, dict):
        return {key: nameless(member) for key, member in value.items() if key not in KNOWN_AFTERWARDS}
    return [nameless(member) for member in value] if isinstance(value, list) else value


def posted(shop, ids):
    """The entries of documents as a preview words them."""
    with shop.engine.database.snapshot() as read:
        rows = read.rows_for(ENTRIES, ids) if ids else []
    found = []
    for kind, number, name, amount, correction, dimensions, rule in rows:
        text = f"{'-' if correction else ''}{abs(amount) // 100}.{abs(amount) % 100:02d}"
        debit = (amount > 0) is not bool(correction)
        found.append((kind, f"{number} {name}", text if debit else None, None if debit else text, dimensions, rule))
    return sorted(found, key=str)


def moved(shop, ids):
    """The stock steps of documents as a preview words them."""
    with shop.engine.database.snapshot() as read:
        rows = read.rows_for(STEPS, ids) if ids else []
    return sorted((*row[:5], f"{row[5] / 1000:.3f}".rstrip("0").rstrip("."), row[6]) for row in rows)


@pytest.mark.parametrize("act", ACTS, ids=IDS)
def test_a_preview_writes_no_row_in_any_table(town, act):
    shop = town.shop("NL03")
    operation, command = act(shop)
    before = shop.tables(audit=True)
    outcome = shop.perform(operation, command, preview=True)
    assert (outcome.preview, outcome.status, outcome.body["preview"], outcome.body["issues"]) == (True, 200, True, [])
    assert shop.tables(audit=True) == before


@pytest.mark.parametrize("act", ACTS, ids=IDS)
def test_a_preview_says_what_the_act_does(town, act):
    shop = town.shop("NL03")
    operation, command = act(shop)
    preview = shop.perform(operation, command, preview=True).body
    known = len(documents(shop))
    done = shop.perform(operation, command).body
    ids = documents(shop, known)
    assert len(ids) > 0
    assert nameless(preview["result"]) == nameless(done)
    assert sorted(
        (
            (item["document"], item["account"], item["debit"], item["credit"], "|".join(map("=".join, item["dimensions"].items())), item["rule"])
            for item in preview["postings"]
        ),
        key=str,
    ) == posted(shop, ids)
    steps = ("document", "product", "warehouse", "from", "to", "quantity", "rule")
    assert sorted(tuple(item[name] for name in steps) for item in preview["stock_movements"]) == moved(shop, ids)


@pytest.mark.parametrize("act", ACTS, ids=IDS)
def test_a_preview_takes_no_number_and_needs_no_key(town, act):
    shop = town.shop("NL03")
    operation, command = act(shop)
    numbers = shop.rows("SELECT * FROM kernel_number_series WHERE register = ? ORDER BY name", shop.store)
    body = shop.engine.perform(operation, command, actor=shop.actor, legal_entity_id=shop.entity, preview=True).body
    answers = body["result"].get("invoices", [body["result"]])
    assert {answer["number"] for answer in answers} == {None}
    assert shop.rows("SELECT * FROM kernel_number_series WHERE register = ? ORDER BY name", shop.store) == numbers


@pytest.mark.rule("INV-06")
def test_invoices_that_are_only_looked_at_are_not_posted(shop):
    made = shop.order((shop.product("10.00"), "3"))
    shop.deliver(made)
    before = shop.tables(audit=True)
    command = {"orders": [{"order": made["number"]}]}
    pro_forma = shop.perform("sales.post_invoices", command, preview=True).body
    assert (pro_forma["result"]["invoices"][0]["total"], len(pro_forma["postings"])) == ("36.30", 5)
    assert shop.tables(audit=True) == before
    assert shop.do("sales.read_order", order=made["number"])["state"] == "delivered"
    assert shop.perform("sales.post_invoices", command).body["invoices"][0]["number"] == f"INV-{shop.store}-000001"
    assert shop.do("sales.read_order", order=made["number"])["state"] == "invoiced"


@pytest.mark.parametrize(
    "change, code, pointer",
    [
        ({"payments": []}, "SALES_TENDER_UNBALANCED", "/payments"),
        ({"date": "2031-01-01"}, "INV_PERIOD_CLOSED", "/date"),
        ({"lines": [{"product": "nothing", "quantity": "1"}]}, "SALES_PRODUCT_UNKNOWN", "/lines/0/product"),
        ({"currency": "USD"}, "SALES_CURRENCY", "/currency"),
    ],
)
def test_a_preview_shows_what_would_be_refused_instead_of_refusing(shop, change, code, pointer):
    command = {**shop.sale((shop.product("10.00"), "1"), payments=[("cash", "12.10")]), **change}
    before = shop.tables(audit=True)
    outcome = shop.perform("sales.sell", command, preview=True)
    assert outcome.status == 200
    assert (code, pointer) in [(issue["code"], issue["pointer"]) for issue in outcome.body["issues"]]
    assert shop.tables(audit=True) == before
    assert shop.refused("sales.sell", command).code == code


def test_a_preview_shows_a_shortage_and_who_could_approve_a_price(shop):
    product = shop.product("10.00", stock="1")
    clerk = shop.by("sales.sell")
    line = {"product": product, "quantity": "2", "unit_price": "9.00"}
    issues = clerk.perform("sales.sell", shop.sale(line, payments=[("cash", "21.78")]), preview=True).body["issues"]
    assert [(issue["code"], issue["severity"], issue["approvable_by"]) for issue in issues] == [
        ("SALES_PRICE_OVERRIDE", "approvable", "sales.override_price"), ("STOCK_SHORTAGE", "refuse", None),
    ]  # fmt: skip
