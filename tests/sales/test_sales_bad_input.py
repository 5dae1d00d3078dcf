"""Bad input: the problem names the field, says what was expected and what to do, and nothing changes but the audit trail."""

import pytest

from kassa.kernel.errors import ErrorCode, InvalidInput, NotFound, PreconditionRequired

TOO_MUCH = "1" + "0" * 30
LINE = "/lines/0"


@pytest.fixture
def command(shop):
    """A sound sale: one lamp at 10.00, paid in cash."""
    return shop.sale((shop.product("10.00"), "1"), payments=[("cash", "12.10")])


def with_line(**members):
    """Change the first line."""
    return lambda shop, command: {**command, "lines": [{**command["lines"][0], **members}]}


def paid(*payments):
    """Change the payments."""
    return lambda shop, command: {**command, "payments": [{"tender": tender, "amount": amount} for tender, amount in payments]}


def having(**members):
    """Change members of the request."""
    return lambda shop, command: {**command, **members}


def selling(**more):
    """Sell another product."""
    return lambda shop, command: {**command, "lines": [{"product": shop.product(**more), "quantity": "1"}]}


def blocked_product(shop, command):
    """Block the product."""
    shop.do("catalog.change_release", product=command["lines"][0]["product"], blocked=True)
    return command


def unreleased_product(shop, command):
    """Sell a product of another legal entity."""
    return {**command, "lines": [{"product": shop.town.shop("NL02").product(), "quantity": "1"}]}


def blocked_customer(kind):
    """Sell to a customer who is blocked."""

    def change(shop, command):
        number = shop.customer()
        shop.do("parties.change_customer", customer=number, blocked=kind)
        return {**command, "customer": number}

    return change


def foreign_customer(shop, command):
    """Sell to a customer of another legal entity."""
    return {**command, "customer": shop.town.shop("NL02").customer()}


def closed_store(shop, command):
    """Sell in a store that was closed."""
    shop.do("org.change_store", store=shop.store, status="closed")
    return command


def closed_period(shop, command):
    """Sell on a date of a month that was closed."""
    shop.do("ledger.change_period", period="2025-02-01", status="closed")
    return {**command, "date": "2025-02-14"}


FORM = [
    ("quantity in words", with_line(quantity="one"), "INPUT_NOT_A_DECIMAL", f"{LINE}/quantity"),
    ("quantity NaN", with_line(quantity="NaN"), "INPUT_NOT_A_DECIMAL", f"{LINE}/quantity"),
    ("quantity a NaN", with_line(quantity=float("nan")), "INPUT_NOT_A_DECIMAL", f"{LINE}/quantity"),
    ("quantity a number", with_line(quantity=1), "INPUT_NOT_A_DECIMAL", f"{LINE}/quantity"),
    ("quantity with exponent", with_line(quantity="1e30"), "INPUT_NOT_A_DECIMAL", f"{LINE}/quantity"),
    ("quantity 10^30", with_line(quantity=TOO_MUCH), "INPUT_OUT_OF_RANGE", f"{LINE}/quantity"),
    ("quantity of four decimals", with_line(quantity="1.0001"), "INPUT_TOO_MANY_PLACES", f"{LINE}/quantity"),
    ("price below zero", with_line(unit_price="-0.01"), "INPUT_OUT_OF_RANGE", f"{LINE}/unit_price"),
    ("price 10^30", with_line(unit_price=TOO_MUCH), "INPUT_OUT_OF_RANGE", f"{LINE}/unit_price"),
    ("discount NaN", with_line(discount="NaN"), "INPUT_NOT_A_DECIMAL", f"{LINE}/discount"),
    ("payment NaN", paid(("cash", "NaN")), "INPUT_NOT_A_DECIMAL", "/payments/0/amount"),
    ("payment infinite", paid(("cash", "Infinity")), "INPUT_NOT_A_DECIMAL", "/payments/0/amount"),
    ("payment 10^30", paid(("cash", TOO_MUCH)), "INPUT_OUT_OF_RANGE", "/payments/0/amount"),
    ("a product without name", with_line(product=" "), "INPUT_TOO_SHORT", f"{LINE}/product"),
    ("a product with a NUL", with_line(product="P\x00"), "INPUT_BAD_TEXT", f"{LINE}/product"),
    ("an unknown field", having(total="12.10"), "INPUT_UNKNOWN_FIELD", "/total"),
    ("an unknown currency", having(currency="EUX"), "INPUT_UNKNOWN_CURRENCY", "/currency"),
    ("no lines", having(lines=[]), "INPUT_TOO_FEW_ITEMS", "/lines"),
    ("too many lines", having(lines=[{"product": "P", "quantity": "1"}] * 1001), "INPUT_TOO_MANY_ITEMS", "/lines"),
    ("a date that is none", having(date="2026-02-30"), "INPUT_NOT_A_DATE", "/date"),
]
RULES = [
    ("quantity 0", with_line(quantity="0"), 422, "SALES_QUANTITY_ZERO", f"{LINE}/quantity"),
    ("an unknown product", with_line(product="NOTHING"), 422, "SALES_PRODUCT_UNKNOWN", f"{LINE}/product"),
    ("a blocked product", blocked_product, 422, "SALES_PRODUCT_NOT_RELEASED", f"{LINE}/product"),
    ("a product of another entity", unreleased_product, 422, "SALES_PRODUCT_NOT_RELEASED", f"{LINE}/product"),
    ("a product without price", selling(price=None), 422, "SALES_PRICE_MISSING", f"{LINE}/product"),
    ("a product without stock", selling(stock="0"), 422, "STOCK_SHORTAGE", f"{LINE}/quantity"),
    ("a discount of the wrong sign", with_line(discount="-1.00"), 422, "SALES_DISCOUNT_SIGN", f"{LINE}/discount"),
    ("a discount above the price", with_line(discount="10.01"), 422, "SALES_DISCOUNT_TOO_LARGE", f"{LINE}/discount"),
    ("a discount of three decimals", with_line(discount="0.001"), 422, "SALES_AMOUNT_PLACES", f"{LINE}/discount"),
    ("a payment of three decimals", paid(("cash", "12.105")), 422, "SALES_AMOUNT_PLACES", "/payments/0/amount"),
    ("a charge of three decimals", having(charges=[{"code": "freight", "amount": "1.001"}]), 422, "SALES_AMOUNT_PLACES", "/charges/0/amount"),
    ("an unknown charge", having(charges=[{"code": "bribe", "amount": "1.00"}]), 422, "SALES_CHARGE_UNKNOWN", "/charges/0/code"),
    ("an unknown tender", paid(("shells", "12.10")), 422, "PAYMENT_TENDER_UNKNOWN", "/payments/0/tender"),
    ("an unbalanced tender", paid(("card", "12.00")), 422, "SALES_TENDER_UNBALANCED", "/payments"),
    ("another currency", having(currency="USD"), 422, "SALES_CURRENCY", "/currency"),
    ("an unknown customer", having(customer="NOBODY"), 422, "SALES_CUSTOMER_UNKNOWN", "/customer"),
    ("a customer of another entity", foreign_customer, 422, "SALES_CUSTOMER_UNKNOWN", "/customer"),
    ("a customer who gets no invoices", blocked_customer("invoice"), 422, "SALES_CUSTOMER_BLOCKED", "/customer"),
    ("a customer who gets nothing", blocked_customer("all"), 422, "SALES_CUSTOMER_BLOCKED", "/customer"),
    ("a closed period", closed_period, 422, "INV_PERIOD_CLOSED", "/date"),
    ("no period", having(date="2031-01-01"), 422, "INV_PERIOD_CLOSED", "/date"),
    ("a date before the tax", having(date="2024-12-31"), 422, "CATALOG_NO_TAX_RATE", f"{LINE}/product"),
    ("a closed store", closed_store, 422, "SALES_STORE_CLOSED", "/store"),
    ("more than can be booked", with_line(quantity="999999999", unit_price="999999999"), 422, "SALES_TOTAL_TOO_LARGE", f"{LINE}/quantity"),
]


def expect_advice(shop, error):
    """Every issue has a declared code, says what is wrong, and its reader finds what to do."""
    for issue in error.issues:
        declared = shop.engine.registry.find(ErrorCode, issue.code)
        assert declared is not None, issue.code
        assert issue.message
        assert issue.action or declared.action


@pytest.mark.parametrize("change, code, pointer", [case[1:] for case in FORM], ids=[case[0] for case in FORM])
def test_what_has_the_wrong_form_is_refused_before_anything_is_looked_at(shop, command, change, code, pointer):
    asked = change(shop, command)
    before = shop.tables(audit=True)
    error = shop.refused("sales.sell", asked)
    assert isinstance(error, InvalidInput)
    assert [(issue.code, issue.pointer) for issue in error.issues] == [(code, pointer)]
    expect_advice(shop, error)
    assert shop.tables(audit=True) == before


@pytest.mark.parametrize("change, status, code, pointer", [case[1:] for case in RULES], ids=[case[0] for case in RULES])
def test_what_a_rule_refuses_changes_nothing_but_the_audit_trail(shop, command, change, status, code, pointer):
    asked = change(shop, command)
    before = shop.tables(audit=True)
    error = shop.refused("sales.sell", asked)
    assert (error.status, error.code, [(issue.code, issue.pointer) for issue in error.issues]) == (status, code, [(code, pointer)])
    expect_advice(shop, error)
    after = shop.tables(audit=True)
    assert {name: rows for name, rows in after.items() if name != "kernel_audit"} == {
        name: rows for name, rows in before.items() if name != "kernel_audit"
    }
    (row,) = set(after["kernel_audit"]) - set(before["kernel_audit"])
    assert all(text in row for text in ("sales.sell", "refused", code, shop.entity))


def test_every_mistake_is_told_at_once(shop):
    lines = [{"product": "NOTHING", "quantity": "1", "discount": "0.001"}, {"product": shop.product(), "quantity": "1"}, {"product": "NIX", "quantity": "2"}]
    command = shop.sale(*lines, charges=[{"code": "freight", "amount": "0.001"}], customer="NOBODY")
    error = shop.refused("sales.sell", command)
    found = {(issue.code, issue.pointer) for issue in error.issues}
    assert {
        ("SALES_PRODUCT_UNKNOWN", "/lines/0/product"), ("SALES_PRODUCT_UNKNOWN", "/lines/2/product"),
        ("SALES_AMOUNT_PLACES", "/charges/0/amount"), ("SALES_CUSTOMER_UNKNOWN", "/customer"),
    } <= found  # fmt: skip


def test_amounts_that_cancel_out_are_not_too_large_to_notice(shop):
    product = shop.product("10.00")
    lines = [{"product": product, "quantity": quantity, "unit_price": "999999999"} for quantity in ("99999999", "-99999999")]
    before = shop.tables()
    error = shop.refused("sales.sell", shop.sale(*lines))
    assert (error.status, {issue.code for issue in error.issues}) == (422, {"SALES_TOTAL_TOO_LARGE"})
    assert [issue.pointer for issue in error.issues] == ["/lines/0/quantity", "/lines/1/quantity"]
    assert shop.tables() == before


def test_setting_a_price_needs_a_permission_or_somebody_who_approves(shop):
    clerk, product = shop.by("sales.sell"), shop.product("10.00")
    before = shop.tables()
    error = clerk.refused("sales.sell", shop.sale({"product": product, "quantity": "1", "unit_price": "9.00"}, payments=[("cash", "10.89")]))
    (issue,) = error.issues
    assert (error.status, error.code, issue.code, issue.pointer) == (409, "SALES_OVERRIDE_REQUIRED", "SALES_PRICE_OVERRIDE", "/lines/0/unit_price")
    assert (issue.severity, issue.permission, issue.amount) == ("approvable", "sales.override_price", "9")
    after = shop.tables()
    assert {name for name in after if after[name] != before[name]} == {"kernel_approval", "kernel_outbox"}


@pytest.mark.parametrize("operation", ["sales.sell", "sales.create_order", "sales.post_packing_slip", "sales.post_invoices"])
def test_who_lacks_the_permission_is_told_which(shop, operation, command):
    order = {name: value for name, value in command.items() if name != "payments"}
    asked = {"sales.sell": command, "sales.create_order": order, "sales.post_invoices": {"orders": [{"order": "X"}]}}.get(operation, {"order": "X"})
    error = shop.by("catalog.read").refused(operation, asked)
    permission = {"sales.post_invoices": "sales.post_invoice"}.get(operation, operation)
    assert (error.status, error.code, error.as_problem()["permission"]) == (403, "NOT_PERMITTED", permission)


def test_a_foreign_legal_entity_or_store_is_not_found(town, shop, command):
    clerk, foreign = shop.by("sales.sell", "sales.read"), town.shop("NL02")
    before = shop.tables()
    assert isinstance(clerk.refused("sales.sell", command, legal_entity_id=foreign.entity), NotFound)
    assert isinstance(clerk.refused("sales.sell", {**command, "store": foreign.store}), NotFound)
    assert isinstance(clerk.refused("sales.read_order", {"order": "01a1fc00-0000-7000-8000-000000000000"}), NotFound)
    elsewhere = shop.by("sales.sell", stores=frozenset({"01a1fc00-0000-7000-8000-000000000000"}))
    assert isinstance(elsewhere.refused("sales.sell", command), NotFound)
    assert shop.tables() == before


def test_it_must_be_known_where_a_sale_happens(shop, command):
    del command["store"]
    error = shop.refused("sales.sell", command)
    assert (error.code, error.issues[0].pointer) == ("ORG_STORE_NEEDED", "/store")
    (store_id,) = shop.rows("SELECT id FROM org_store WHERE number = ?", shop.store)[0]
    standing = shop.by("sales.sell", store_id=store_id, register=f"TILL-{shop.store}")
    assert standing.do("sales.sell", **command)["invoice"] == f"INV-TILL-{shop.store}-000001"


def test_a_sale_without_a_key_is_not_made(shop, command):
    with pytest.raises(PreconditionRequired, match="idempotency key"):
        shop.engine.perform("sales.sell", command, actor=shop.actor, legal_entity_id=shop.entity)
