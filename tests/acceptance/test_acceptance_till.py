"""A shop is set up over HTTP, and a till sells in it: preview, sale, replay, refusals, lists, and the books at the end."""

import pytest

from kassa.kernel.invariants import verify

SALE = {
    "lines": [{"product": "LAMP", "quantity": "2"}, {"product": "4006381333931", "quantity": "0.5"}],
    "payments": [{"tender": "card", "amount": "100.00"}, {"tender": "cash", "amount": "150.00"}],
}


@pytest.fixture
def till(owner):
    """A till in store S001 of a legal entity that was set up from nothing."""
    owner.post("/legal-entities", {"code": "NL01", "name": "Warenhuis B.V.", "currency": "EUR", "time_zone": "Europe/Amsterdam", "country": "NL"})
    owner.post("/ledger/books", {"first_year": 2026, "last_year": 2026})
    owner.post("/stores", {"number": "S001", "name": "Damrak", "price_includes_tax": False})
    owner.post("/tax-codes", {"code": "VAT21", "rate": "0.21", "from_date": "2026-01-01"})
    assert owner.send("PUT", "/tax-groups/STANDARD", {"codes": ["VAT21"]}).status_code in (200, 201)
    owner.post("/item-model-groups", {"code": "AVERAGE"})
    owner.post("/price-lists", {"code": "RETAIL", "name": "Shop prices"})
    release = {"tax_group": "STANDARD", "standard_cost": "60.00"}
    owner.post("/products", {"number": "LAMP", "name": "Lamp", "item_model_group": "AVERAGE", "release": release})
    ribbon = {"number": "RIBBON", "name": "Ribbon", "unit": "m", "item_model_group": "AVERAGE", "release": {**release, "standard_cost": "0.40"}}
    owner.post("/products", {**ribbon, "barcodes": [{"barcode": "4006381333931"}]})
    prices = [{"product": product, "unit_price": price, "from_date": "2026-01-01"} for product, price in (("LAMP", "100.00"), ("RIBBON", "1.10"))]
    owner.post("/prices", {"price_list": "RETAIL", "prices": prices})
    stock = [{"product": "LAMP", "quantity": "10"}, {"product": "RIBBON", "quantity": "25"}]
    owner.post("/stock/adjustments", {"store": "S001", "reason": "opening", "lines": stock})
    owner.post("/customers", {"number": "C-1", "name": "Ada Jansen"})
    made = owner.post("/api-keys", {"name": "Till 1", "roles": ["cashier"], "store": "S001", "register": "T1"})
    return owner.with_token(made["token"])


def test_a_till_looks_sells_and_asks_again(till, owner):
    shown = till.post("/sales?preview=true", SALE, status=200, headers={"Idempotency-Key": None})
    assert (shown["preview"], shown["issues"], shown["result"]["number"], shown["result"]["total"]) == (True, [], None, "242.67")
    assert [(p["document"], p["account"], p["debit"], p["credit"]) for p in shown["postings"]] == [
        ("invoice", "1100 Trade receivables", "242.67", None), ("invoice", "4000 Revenue", None, "200.55"),
        ("invoice", "2200 Sales tax payable", None, "42.12"), ("invoice", "5000 Cost of goods sold", "120.20", None),
        ("invoice", "1300 Inventory", None, "120.20"), ("payment", "1002 Clearing card", "100.00", None),
        ("payment", "1100 Trade receivables", None, "100.00"), ("payment", "1001 Clearing cash", "142.67", None),
        ("payment", "1100 Trade receivables", None, "142.67"),
    ]  # fmt: skip
    assert till.get("/orders") == {"items": [], "next": None}

    sold = till.send("POST", "/sales", SALE, headers={"Idempotency-Key": "T1-0001"})
    sale = sold.get_json()
    assert (sold.status_code, sale["number"], sale["invoice"], sale["change"]) == (201, "SO-T1-000001", "INV-T1-000001", "7.33")
    for _ in range(2):
        again = till.send("POST", "/sales", SALE, headers={"Idempotency-Key": "T1-0001"})
        assert (again.status_code, again.data, again.headers["Idempotent-Replayed"]) == (201, sold.data, "true")
    till.refused("/sales", {**SALE, "reference": "X"}, 422, "IDEMPOTENCY_KEY_REUSED", headers={"Idempotency-Key": "T1-0001"})
    assert till.get("/stock?product=LAMP")["items"][0]["on_hand"] == "8"

    order = till.get("/orders/SO-T1-000001")
    assert (order["id"], order["state"], [line["invoiced"] for line in order["lines"]]) == (sale["id"], "invoiced", ["2", "0.5"])
    assert till.client.get(sold.headers["Location"], headers={"Authorization": f"Bearer {till.token}"}).get_json() == order
    invoice = till.get("/invoices/INV-T1-000001")
    assert (invoice["title"], invoice["total"], [line["total"] for line in invoice["lines"]]) == ("Invoice", "242.67", ["242.00", "0.67"])
    voucher = owner.get("/ledger/vouchers/INV-T1-000001")
    assert [(e["debit"], e["credit"]) for e in voucher["entries"]] == [(p["debit"], p["credit"]) for p in shown["postings"] if p["document"] == "invoice"]


def test_an_order_is_confirmed_delivered_and_invoiced_in_parts(till, owner):
    order = till.post("/orders", {"customer": "C-1", "reference": "WEB-7", "lines": [{"product": "LAMP", "quantity": "3"}]})
    assert (order["number"], order["state"]) == ("SO-T1-000001", "open")
    slip = till.post("/orders/WEB-7/packing-slips", {"lines": [{"line": 1, "quantity": "2"}]})
    assert (slip["number"], slip["order"], slip["lines"][0]["quantity"]) == ("PS-T1-000001", "SO-T1-000001", "2")
    till.refused("/invoices", {"orders": [{"order": "WEB-7"}]}, 403, "NOT_PERMITTED")
    first = owner.post("/invoices", {"orders": [{"order": "WEB-7"}], "due_date": "2026-04-01"})["invoices"][0]
    rest = owner.post("/invoices", {"orders": [{"order": order["id"]}], "quantity_basis": "all"})["invoices"][0]
    assert [(invoice["total"], invoice["due_date"]) for invoice in (first, rest)] == [("242.00", "2026-04-01"), ("121.00", "2026-03-02")]
    assert till.get("/orders/WEB-7")["state"] == "invoiced"
    items = owner.get("/customers/C-1/open-items")["items"]
    assert [(item["number"], item["open"]) for item in items] == [(first["number"], "242.00"), (rest["number"], "121.00")]


def test_lists_are_read_page_by_page_while_others_sell(till):
    line = {"lines": [{"product": "RIBBON", "quantity": "1"}], "payments": [{"tender": "cash", "amount": "1.33"}]}
    numbers = [till.post("/sales", line)["number"] for _ in range(5)]
    seen, path = [], "/orders?limit=2"
    while path:
        answer = till.send("GET", path)
        page = answer.get_json()
        seen.append([item["number"] for item in page["items"]])
        link = answer.headers.get("Link", "")
        assert ('rel="next"' in link) is (page["next"] is not None)
        path = f"/orders?limit=2&after={page['next']}" if page["next"] else None
        till.post("/sales", line)
    assert seen == [[numbers[4], numbers[3]], [numbers[2], numbers[1]], [numbers[0]]]
    assert [item["total"] for item in till.get("/invoices?type=invoice&limit=1")["items"]] == ["1.33"]
    assert till.get("/invoices?type=credit_note")["items"] == []
    assert till.send("GET", "/orders?after=nonsense").get_json()["issues"][0]["pointer"] == "/after"


BAD = [
    ({"lines": [{"product": "LAMP", "quantity": "11"}], "payments": [{"tender": "card", "amount": "1331.00"}]}, "STOCK_SHORTAGE", "/lines/0/quantity"),
    ({"lines": [{"product": "LAMP", "quantity": "1" + "0" * 30}]}, "INPUT_INVALID", "/lines/0/quantity"),
    ({"lines": [{"product": "LAMP", "quantity": "0"}]}, "SALES_QUANTITY_ZERO", "/lines/0/quantity"),
    ({"lines": [{"product": "MOON", "quantity": "1"}]}, "SALES_PRODUCT_UNKNOWN", "/lines/0/product"),
    ({"payments": [{"tender": "card", "amount": "300.00"}]}, "SALES_TENDER_UNBALANCED", "/payments"),
    ({"payments": [{"tender": "card", "amount": "NaN"}]}, "INPUT_INVALID", "/payments/0/amount"),
    ({"currency": "USD"}, "SALES_CURRENCY", "/currency"),
    ({"date": "2027-01-01"}, "INV_PERIOD_CLOSED", "/date"),
    ({"colour": "red"}, "INPUT_INVALID", "/colour"),
]


def test_bad_input_is_a_problem_that_names_the_field(till, engine):
    before = tables(engine)
    for change, code, pointer in BAD:
        problem = till.refused("/sales", {**SALE, **change}, 422, code)
        assert [issue["pointer"] for issue in problem["issues"]] == [pointer]
        assert all(issue["message"] for issue in problem["issues"])
        assert problem["request_id"]
        assert tables(engine) == before


def test_a_price_by_hand_tells_who_could_allow_it(till, engine):
    before = tables(engine)
    line = {"product": "LAMP", "quantity": "1", "unit_price": "90.00"}
    problem = till.refused("/sales", {"lines": [line], "payments": [{"tender": "cash", "amount": "108.90"}]}, 409, "SALES_OVERRIDE_REQUIRED")
    (issue,) = problem["issues"]
    assert (issue["code"], issue["approvable_by"], issue["pointer"]) == ("SALES_PRICE_OVERRIDE", "sales.override_price", "/lines/0/unit_price")
    assert problem["approval"]["operation"] == "sales.sell"
    after = tables(engine)
    assert {name for name in after if after[name] != before[name]} == {"kernel_approval", "kernel_outbox"}


def test_what_is_no_json_or_not_a_number_is_not_read(till):
    for text in (b'{"lines": [{"product": "LAMP", "quantity": NaN}]}', b'{"lines": ', b'{"lines": [], "lines": []}'):
        headers = {"Authorization": f"Bearer {till.token}", "Idempotency-Key": "k", "Content-Type": "application/json"}
        answer = till.client.post("/v1/sales", data=text, headers=headers)
        assert (answer.status_code, answer.get_json()["code"]) == (400, "INPUT_UNREADABLE")


def test_a_till_sells_where_it_stands_and_under_a_key(till, owner):
    till.refused("/sales", SALE, 428, "PRECONDITION_REQUIRED", headers={"Idempotency-Key": None})
    assert owner.with_token("").send("POST", "/sales", SALE).status_code == 401
    owner.post("/stores", {"number": "S002", "name": "Elsewhere"})
    till.refused("/sales", {**SALE, "store": "S002"}, 404, "NOT_FOUND")
    owner.post("/legal-entities", {"code": "NL02", "name": "Other B.V.", "currency": "EUR", "time_zone": "Europe/Amsterdam"})
    till.refused("/sales", SALE, 404, "NOT_FOUND", headers={"Kassa-Legal-Entity": "NL02"})
    assert till.get("/orders")["items"] == []


def tables(engine):
    """All rows of all tables but the audit trail and when keys were used last."""
    with engine.database.snapshot() as read:
        names = [name for name in sorted(engine.registry.tables) if name not in ("kernel_audit", "org_api_key")]
        return {name: sorted(map(repr, read.rows(f"SELECT * FROM {name}"))) for name in names}


def test_the_day_ends_with_books_that_balance(till, owner, engine):
    till.post("/sales", SALE)
    till.post("/sales", {"lines": [{"product": "LAMP", "quantity": "-1"}], "payments": [{"tender": "cash", "amount": "-121.00"}]})
    till.post("/sales", {"lines": [{"product": "LAMP", "quantity": "1"}], "customer": "C-1"})
    balance = owner.get("/ledger/trial-balance")
    assert balance["debit"] == balance["credit"]
    accounts = {row["account"]: row["balance"] for row in balance["accounts"]}
    assert (accounts["1001"], accounts["1002"], accounts["1100"], accounts["4000"]) == ("21.67", "100.00", "121.00", "-200.55")
    assert (accounts["1300"], accounts["5000"]) == ("489.80", "120.20")
    assert verify(engine) == []


@pytest.mark.rule("RET-11", "RET-12")
def test_a_till_takes_back_what_was_sold_once(till, owner, engine):
    sold = till.post("/sales", {"lines": [{"product": "LAMP", "quantity": "2"}], "payments": [{"tender": "card", "amount": "242.00"}]})
    back = {"product": "LAMP", "quantity": "-1", "source": {"invoice": sold["invoice"], "line": 1}}
    note = till.post("/sales", {"lines": [back], "payments": [{"tender": "card", "amount": "-121.00"}]})
    assert (note["type"], note["lines"][0]["source"]) == ("credit_note", {"invoice": sold["invoice"], "line": 1})
    command = {"lines": [{**back, "quantity": "-2"}], "payments": [{"tender": "card", "amount": "-242.00"}]}
    problem = till.refused("/sales", command, 422, "RET_QTY_EXCEEDS_RETURNABLE")
    assert [issue["expected"] for issue in problem["issues"]] == [{"sold": "2", "returned": "1", "returnable": "1"}]
    assert till.get(f"/orders/{sold['number']}")["lines"][0]["returned"] == "1"
    order = till.post("/orders", {"lines": [back]})
    answer = owner.post("/invoices", {"orders": [{"order": order["number"]}], "quantity_basis": "all", "posting": False})
    assert (answer["posted"], answer["invoices"][0]["number"], answer["invoices"][0]["title"]) == (False, None, "Credit note")
    assert till.get(f"/orders/{order['number']}")["state"] == "open"
    assert verify(engine) == []
