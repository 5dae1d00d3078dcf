"""What must hold of the books: silent on a healthy database, and each kind of damage is found by the invariant made for it.

Damage is done with the database's own defences off, as somebody who owns the disk could, and undone after each look.
"""

import pytest

from kassa.kernel.contributions import Invariant
from kassa.kernel.outbox import dispatch
from kassa.stock.invariants import costs, transfers
from kassa.testing.builders import PHYSICAL, Shop, build_shop, line
from kassa.testing.ledger import assert_sound

ROOMS = ("parties", "ledger", "stock", "payments", "sales", "payables")


def _one(table: str, assign: str, where: str = "1 = 1", key: str = "document_id") -> tuple[str, str]:
    """Change one row of a table."""
    return table, f"UPDATE {table} SET {assign} WHERE {key}::text = (SELECT min({key}::text) FROM {table} WHERE {where}) AND {where}"


def _without(table: str, where: str = "1 = 1", key: str = "document_id") -> tuple[str, str]:
    """Take the rows of one key away."""
    return table, f"DELETE FROM {table} WHERE {key}::text = (SELECT min({key}::text) FROM {table} WHERE {where}) AND {where}"


NOBODY = "'00000000-0000-7000-8000-000000000000'"
DAMAGE = {
    "ledger.vouchers_balance": [_one("ledger_entry", "amount = amount + 1", "number = 1"), _without("ledger_entry", "number = 2")],
    "ledger.entries_have_accounts": [
        _one("ledger_entry", f"account_id = {NOBODY}", "number = 1"),
        _one("ledger_entry", f"dimension_set_id = {NOBODY}", "number = 1"),
    ],
    "ledger.vouchers_dated": [
        _one("ledger_voucher", "date = '2026-11-20'"),
        _without("ledger_period", "first_date = '2026-11-01'", key="id"),
        ("ledger_entry", "DELETE FROM ledger_entry WHERE number > 1"),
    ],
    "ledger.receivables_explained": [
        _one("ledger_open_item", '"open" = "open" + 1', "amount > 0", key="id"),
        _without("ledger_open_item", '"open" <> 0', key="id"),
    ],
    "ledger.prepayments_explained": [_one("ledger_open_item", "type = 'prepayment'", '"open" <> 0', key="id")],
    "ledger.payables_explained": [_one("ledger_open_item", '"open" = "open" + 1', "party_type = 'vendor' AND \"open\" <> 0", key="id")],
    "ledger.foreign_values": [
        _one("ledger_voucher", "rate = rate + 10000000", "rate IS NOT NULL AND currency = 'EUR'"),
        _one("ledger_entry", "amount = amount + 1", "currency = 'USD' AND number = 1"),
    ],
    "ledger.currencies_balance": [_one("ledger_entry", "transaction_amount = transaction_amount + 1", "currency = 'USD' AND number = 1")],
    "ledger.journals_booked": [_one("ledger_journal_line", "amount = amount + 1", "number = 1"), _without("ledger_entry", "rule = 'ledger.journal_entries'")],
    "parties.vendor_accounts": [_one("parties_customer", f"vendor_id = {NOBODY}", key="id")],
    "payables.invoices_booked": [
        _one("payables_vendor_invoice", "total = total + 1"),
        _one("payables_vendor_invoice_line", "amount = amount + 1", "number = 1"),
        _one("payables_vendor_invoice", f"vendor_id = {NOBODY}"),
    ],
    "payables.payments_booked": [_one("payables_vendor_payment", "amount = amount + 1"), _one("payables_vendor_payment", f"vendor_id = {NOBODY}")],
    "payables.runs_add_up": [_one("payables_payment_run", "total = total + 1"), _one("payables_payment_run", "payments = payments + 1")],
    "payables.transfers_opened": [_one("payables_balance_transfer", "amount = amount + 1"), _one("payables_balance_transfer", f"vendor_id = {NOBODY}")],
    "ledger.open_amounts": [_one("ledger_open_item", "amount = amount + 1", "amount > 0", key="id"), _without("ledger_settlement")],
    "ledger.settlements_of_one_party": [
        ("ledger_open_item", f"UPDATE ledger_open_item SET party_id = {NOBODY} WHERE id IN (SELECT debit_item_id FROM ledger_settlement)"),
        _one("ledger_settlement", f"credit_item_id = {NOBODY}"),
        _one("ledger_settlement", "credit_item_id = debit_item_id"),
    ],
    "ledger.periods_apart": [_one("ledger_period", "last_date = '2026-11-01'", "last_date = '2026-10-31'", key="id")],
    "stock.balances_explained": [
        *(_one("stock_balance", f"{bucket} = {bucket} + 1000", key="product_id") for bucket in ("on_hand", "on_order", "reserved", "picked", "ordered")),
        *(_one("stock_balance", f"{bucket} = {bucket} + 1", key="product_id") for bucket in ("registered", "blocked", "value", "issued_value")),
        _without("stock_balance", key="product_id"),
        _without("stock_transaction", key="lot_id"),
        _one("stock_transaction", "cost = cost + 1", "sequence = 1", key="lot_id"),
    ],
    "stock.nothing_is_worth_nothing": [_one("stock_balance", "value = 7", "on_hand = 0", key="product_id")],
    "stock.inventory_booked": [_one("stock_balance", "value = value + 1", "on_hand <> 0", key="product_id")],
    "stock.own_warehouses": [_one("stock_transaction", f"legal_entity_id = {NOBODY}", key="lot_id")],
    "stock.lots_walk_permitted_paths": [
        _without("stock_transaction", "sequence = 1", key="lot_id"),
        _one("stock_transaction", "sequence = 7", "sequence = 2", key="lot_id"),
        _one("stock_transaction", "from_status = 'sold'", "sequence = 2", key="lot_id"),
        _one("stock_transaction", "quantity = quantity + 1", "sequence = 2 AND quantity > 0", key="lot_id"),
        _one("stock_transaction", "quantity = -quantity", "sequence = 2", key="lot_id"),
        _one("stock_transaction", f"product_id = {NOBODY}", "sequence = 2", key="lot_id"),
    ],
    "stock.adjustments_moved": [_one("stock_adjustment_line", "quantity = quantity + 1"), _one("stock_adjustment_line", f"lot_id = {NOBODY}")],
    "stock.adjustments_booked": [_one("stock_adjustment_line", "cost = cost + 1")],
    "payments.booked": [_one("payments_payment", "amount = amount + 1")],
    "payments.on_account": [_one("payments_payment", f"party_id = {NOBODY}"), _one("payments_payment", "amount = amount - 1")],
    "payments.rounding_booked": [_one("payments_payment", "rounding = rounding + 1")],
    "payments.drawers_booked": [_one("payments_drawer_movement", "amount = amount + 1")],
    "payments.deposits": [
        *(_one("payments_deposit", f"{column} = {column} + 1", key="order_id") for column in ("paid", "applied", "refunded", "transferred", "forfeited")),
        _without("payments_deposit", key="order_id"),
        _without("payments_deposit_item", key="open_item_id"),
    ],
    "payments.refunded": [
        _one("payments_capture", "refunded = refunded - 1", key="payment_id"),
        _one("payments_capture", "captured = captured + 1", key="payment_id"),
        _without("payments_capture", key="payment_id"),
    ],
    "payments.intents": [
        _without("payments_intent_result", key="intent_id"),
        _one("payments_intent", "amount = amount + 1", "parent_id IS NOT NULL"),
        _one("kernel_document", "state = 'declined'", "kind = 'payment_intent' AND type = 'capture'", key="id"),
        _one("kernel_document", "state = 'done'", "kind = 'payment_intent' AND type = 'authorise'", key="id"),
    ],
    "sales.orders_add_up": [_one("sales_order", "net = net + 1"), _one("sales_order_line", "total = total + 1", "number = 1")],
    "sales.invoices_add_up": [
        _one("sales_invoice", "tax = tax + 1"),
        _one("sales_invoice_charge", "amount = amount + 1"),
        _without("sales_invoice_line", "number = 1"),
    ],
    "sales.order_taxes": [_one("sales_order_tax", "amount = amount + 1", key="line_id")],
    "sales.invoice_taxes": [_one("sales_invoice_tax", "amount = amount + 1"), _one("sales_invoice_line", "total = total + 1", "number = 1")],
    "sales.charge_taxes": [_one("sales_invoice_charge", "tax = tax + 1")],
    "sales.counters": [
        *(_one("sales_line_balance", f"{name} = {name} + 1", key="line_id") for name in ("ordered", "delivered", "invoiced", "delivered_cost", "invoiced_cost")),
        _without("sales_line_balance", key="line_id"),
        _without("sales_packing_slip_line"),
    ],
    "sales.order_charge_taxes": [_one("sales_order_charge_tax", "amount = amount + 1")],
    "sales.charges_refunded": [
        _one("sales_order_charge", "refunded = refunded + 1", "refunded <> 0"),
        _one("sales_order_charge", "refund_of_number = 7", "refund_of_id IS NOT NULL"),
    ],
    "sales.discounts_shared": [
        _one("sales_order", "discount_amount = discount_amount + 1", "discount_amount <> 0"),
        _one("sales_order_line", "total_share = 0", "total_share <> 0"),
    ],
    "sales.cancelled_lines": [
        ("sales_order_line", "UPDATE sales_order_line SET net = 1, total = 1 WHERE id IN (SELECT line_id FROM sales_line_balance WHERE cancelled > 0)"),
    ],
    "sales.charges_invoiced": [_one("sales_order_charge", "invoiced = invoiced + 1"), _without("sales_invoice_charge")],
    "sales.packing_slips_moved": [_one("sales_packing_slip_line", "quantity = quantity + 1"), _one("sales_packing_slip_line", "cost = cost + 1")],
    "sales.invoices_moved": [_one("sales_invoice_line", "cost = cost + 1", "cost <> 0"), _one("sales_invoice_line", "quantity = quantity - 1", "cost <> 0")],
    "sales.invoices_on_account": [
        _one("ledger_open_item", "amount = amount + 1", "type = 'invoice'", key="id"),
        _without("ledger_open_item", "type = 'invoice'", key="id"),
    ],
    "sales.receivables_booked": [_one("sales_invoice", "total = total + 1")],
    "sales.taxes_booked": [_one("sales_invoice", "tax = tax + 1")],
    "sales.physical_booked": [
        _one("sales_line_balance", "physical_cost = physical_cost + 1", "physical_cost <> 0", key="line_id"),
        ("ledger_entry", "DELETE FROM ledger_entry WHERE rule = 'sales.slip_entries'"),
    ],
    "sales.sources": [
        *(_one("sales_source", f"{name} = {name} + 1") for name in ("sold", "discount", "net_discount", "net", "cost")),
        *(_one("sales_source", f"{name} = {name} - 1") for name in ("claimed", "valued")),
        _one("sales_source_tax", "amount = amount + 1"),
    ],
    "sales.sources_claimed": [_without("sales_source")],
    "sales.taken_back_counted": [
        _one("sales_line_balance", "credited = credited - 1", "credited > 0", key="line_id"),
        _one("sales_line_balance", "return_claimed = return_claimed - 1", "return_claimed > 0", key="line_id"),
    ],
    "sales.unreferenced_marked": [
        _one("sales_order_line", "unreferenced = NOT unreferenced", "quantity > 0"),
        _one("sales_order_line", "unreferenced = NOT unreferenced", "quantity < 0"),
    ],
    "sales.costs_booked": [_one("sales_invoice_line", "cost = cost + 1", "cost <> 0")],
}  # fmt: skip


@pytest.fixture
def busy(shop: Shop) -> Shop:
    """A shop with one of everything: sales of both signs, charges, partial deliveries, payments, settlements, empty places."""
    shop.set_setting("stock.post_packing_slip_in_ledger", "true")
    shop.add_product("CHAIR", price="40.00", cost="24.00", stock="3", group=PHYSICAL, taxed=True)
    shop.adjust({"VASE": "-10"}, reason="loss")
    shop.sell(line("LAMP", "2", discount="5.00"), line("CHALK", "1.255"), payments={"cash": "196.50"})
    shop.sell(line("LAMP", "-1"), charges=[{"code": "freight", "amount": "-4.95"}], payments={"card": "-104.95"})
    order = shop.order(line("CHAIR", "3"), line("DELIVERY"), customer="C0001", charges=[{"code": "handling", "amount": "2.50"}])["number"]
    shop.deliver(order, {1: "1"})
    (invoice,) = shop.invoice(order)
    shop.deliver(order, {1: "1"})
    shop.pay("C0001", "20.00", invoices=[invoice["number"]])
    back = shop.order(line("CHAIR", "-1"), customer="C0001")["number"]
    (note,) = shop.invoice(back, quantity_basis="all")
    shop.perform("ledger.settle", {"customer": "C0001", "pairs": [{"debit": invoice["number"], "credit": note["number"], "amount": "5.00"}]})
    shop.perform("sales.create_charge_code", {"code": "fee", "name": "Fee", "tax_group": "STANDARD"})
    taxed = shop.order(line("LAMP", "2"), line("LAMP"), discount="7.00", charges=[{"code": "fee", "rate": "0.02"}])["number"]
    shop.perform("sales.cancel_lines", {"order": taxed, "lines": [{"line": 2}]})
    shop.invoice(taxed, quantity_basis="all")
    shop.order(line("LAMP", "-1"), charges=[{"code": "fee", "amount": "-1.00", "refund_of": {"order": taxed, "charge": 1}}])
    vases = shop.sell(line("CHALK", "3"), line("LAMP", "2", discount="9.99"), payments={"cash": "193.60"})["invoice"]
    taken = [line("CHALK", "-1", source={"invoice": vases, "line": 1}), line("LAMP", "-1", source={"invoice": vases, "line": 2})]
    shop.sell(*taken, payments={"cash": "-96.21"})
    shop.order(taken[1])
    deposited = shop.order(line("CHALK", "2"), customer="C0001")["number"]
    shop.perform("sales.take_deposit", {"order": deposited, "payments": [{"tender": "cash", "amount": "1.50"}]})
    shop.perform("sales.refund_deposit", {"order": deposited, "payments": [{"tender": "cash", "amount": "0.50"}]})
    shop.deliver(deposited, {1: "1"})
    shop.invoice(deposited)
    shop.perform("payments.move_cash", {"type": "safe_drop", "amount": "5.00", "store": "S001"})
    shop.set_setting("payments.processor", "on")
    card = {"tender": "card_online", "amount": "100.00", "token": "sandbox"}
    shop.perform("sales.sell", {"store": "S001", "lines": [line("LAMP")], "payments": [card]})
    dispatch(shop.engine)
    owe(shop)
    build_shop(shop.engine, code="GB01", store="S002", currency="GBP")
    return shop


def owe(shop: Shop) -> None:
    """Post a journal, an invoice in dollars, and what payables have."""
    shop.perform("ledger.enter_exchange_rate", {"currency": "USD", "from_date": "2026-01-01", "rate": "0.9"})
    shop.invoice(shop.order(line("DELIVERY", "1", unit_price="33.33"), customer="C0002", currency="USD")["number"], quantity_basis="all")
    lines = [{"account": "5100", "amount": "1.00"}, {"account": "3000", "amount": "-1.00"}]
    shop.perform("ledger.post_journal", {"description": "By hand", "lines": lines})
    shop.perform("parties.create_vendor", {"number": "V1", "name": "Vendor", "due_days": 0})
    shop.perform("parties.add_bank_account", {"vendor": "V1", "iban": "DE89370400440532013000"})
    shop.perform("payables.create_bank_account", {"code": "MAIN", "name": "Bank", "iban": "NL91ABNA0417164300"})
    shop.vendor_invoice("V1", "40.00")
    shop.perform("payables.pay_vendors", {"bank_account": "MAIN"})
    shop.vendor_invoice("V1", "50.00")
    credit = shop.pay("C0002", "15.00")["number"]
    shop.perform("payables.transfer_balance", {"customer": "C0002", "vendor": "V1", "items": [{"item": credit}]})


def test_every_invariant_of_these_rooms_is_damaged_here(shop: Shop):
    found = {invariant.name for invariant in shop.engine.registry.all(Invariant) if invariant.name.split(".")[0] in ROOMS}
    elsewhere = {invariant.name for invariant in (*costs.INVARIANTS, *transfers.INVARIANTS)}
    assert found - elsewhere == set(DAMAGE)


def test_damage_is_found_by_name(busy: Shop, open_damage):
    assert_sound(busy)
    missed = []
    with open_damage(busy.engine) as raw:
        for name, damages in DAMAGE.items():
            for table, statement in damages:
                with raw.damaged(table, statement):
                    texts = raw.found(name)
                if not texts:
                    missed.append(f"{name}: {statement}")
                assert all(": " in text for text in texts), f"{name} must name the row, then say what is wrong: {texts}"
    assert missed == []
    assert_sound(busy)
