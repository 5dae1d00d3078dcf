"""Discounts: on lines by amount and rate, on the total by largest remainder; what calculating anew changes and what it leaves."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kassa.kernel.values import line_amount
from kassa.sales.documents import ISSUE, RECEIVE, LineCounters, SalesLine, SalesOrder
from kassa.sales.pricing import repriced, share_total_discount

LINE = st.tuples(st.integers(-5000, 5000).filter(bool), st.integers(0, 50_000_000), st.integers(0, 100), st.booleans())


def order_of(lines, amount=0, rate=0):
    """An order of (quantity, unit price, percent of its own discount, invoiced) lines with a discount on the total."""
    made = []
    for number, (quantity, price, percent, invoiced) in enumerate(lines, 1):
        gross = line_amount(quantity, price, 2)
        made.append(
            SalesLine(
                id=f"l{number}", number=number, product_id="p", product_number="P", description="", quantity=quantity, unit_price=price,
                price_origin="list", discount=abs(gross) * percent // 100 * (1 if gross > 0 else -1), stocked=True, warehouse_id="w",
                treatment=ISSUE if quantity > 0 else RECEIVE, counters=LineCounters(invoiced=1 if invoiced else 0),
            )
        )  # fmt: skip
    return SalesOrder(
        id="o", type="sales", legal_entity_id="e", state="draft", date="2026-03-02", occurred_at=0, customer_id=None, party_type="store",
        party_id="s", currency="EUR", exponent=2, price_includes_tax=False, warehouse_id="w", store_number="S", lines=tuple(made),
        discount_amount=amount, discount_rate=rate,
    )  # fmt: skip


def bare(line):
    """What a line costs after its own discount."""
    return line_amount(line.quantity, line.unit_price, 2) - (line.discount - line.total_share)


@settings(max_examples=300, deadline=None)
@given(lines=st.lists(LINE, min_size=1, max_size=8), portion=st.integers(0, 1_000_000), sign=st.sampled_from([1, -1]))
def test_the_discount_on_the_total_is_shared_to_the_minor_unit(lines, portion, sign):
    order = order_of(lines)
    bearing = [line for line in order.lines if line.sign == sign and not line.counters.invoiced]
    most = sum(abs(bare(line)) for line in bearing)
    amount = most * portion // 1_000_000 * sign
    shared = share_total_discount(order_of(lines, amount=amount), order.lines)
    assert sum(line.total_share for line in shared) == amount
    for line, before in zip(shared, order.lines, strict=True):
        assert line.total_share == 0 or (line.sign == sign and not line.counters.invoiced)
        assert abs(line.total_share) <= abs(bare(before)), "no line bears more than it costs"
        assert most == 0 or abs(abs(line.total_share) * most - abs(amount) * abs(bare(before))) < most or line not in bearing


@settings(max_examples=200, deadline=None)
@given(lines=st.lists(LINE, min_size=1, max_size=8), first=st.integers(0, 1_000_000), second=st.integers(0, 1_000_000))
def test_sharing_again_forgets_the_shares_before(lines, first, second):
    order = order_of(lines, rate=first)
    once = share_total_discount(order, order.lines)
    again = share_total_discount(order_of(lines, rate=second), once)
    assert again == share_total_discount(order_of(lines, rate=second), order.lines)


def test_a_rate_is_taken_of_what_is_sold_and_of_what_comes_back(shop):
    lamp = shop.product("10.00", tax=None)
    order = shop.order((lamp, "3"), (lamp, "-1"), discount_rate="0.1")
    assert [line["share_of_discount"] for line in order["lines"]] == ["3.00", "-1.00"]
    assert (order["total"], order["discount_rate"]) == ("18.00", "0.1")


def test_a_discount_that_no_line_can_bear_is_refused(shop):
    lamp = shop.product("10.00", tax=None)
    request = {"store": shop.store, "lines": [{"product": lamp, "quantity": "-1"}], "discount": "1.00"}
    assert shop.refused("sales.create_order", request).issues[0].code == "SALES_DISCOUNT_SIGN"
    request = {"store": shop.store, "lines": [{"product": lamp, "quantity": "1"}], "discount": "10.01"}
    assert shop.refused("sales.create_order", request).issues[0].code == "SALES_DISCOUNT_TOO_LARGE"
    request = {"store": shop.store, "lines": [{"product": lamp, "quantity": "1"}], "discount": "1.00", "discount_rate": "0.1"}
    assert "SALES_DISCOUNT_TWICE" in [issue.code for issue in shop.refused("sales.create_order", request).issues]


@pytest.mark.parametrize("included", [False, True])
def test_a_sale_with_discounts_is_delivered_and_invoiced_like_any(town, included):
    shop = town.shop(price_includes_tax=included)
    lamp, rug = shop.product("10.00"), shop.product("3.33")
    total = "32.62" if included else "39.47"
    sold = shop.sell({"product": lamp, "quantity": "3", "discount_rate": "0.05"}, (rug, "3"), discount="5.87", payments=[("cash", total)])
    assert (sold["total"], [line["discount"] for line in sold["lines"]]) == (total, ["5.85", "1.52"])


def test_calculating_anew_takes_prices_of_lists_and_leaves_those_by_hand():
    order = order_of([(1000, 5_000_000, 0, False), (1000, 5_000_000, 0, True)])
    listed, billed = repriced(order, "recalculate").lines
    assert (listed.price_origin, billed.price_origin) == ("unpriced", "list")
    assert repriced(order, "keep").lines == order.lines
