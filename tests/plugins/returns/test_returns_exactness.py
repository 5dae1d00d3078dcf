"""However an invoice comes back, in whatever parts, returns and order, it ends on 0.00 in net, each tax and gross."""

import os
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kassa.kernel.values import share
from kassa.sales.sources import next_part

CASES = int(os.environ.get("KASSA_TEST_RETURNS_CASES", "2000"))
"""How many random partitions are tried; `tox -e returns` tries the 100,000 that are promised."""


@st.composite
def partitions(draw):
    """A line with its components, and the quantities in which it comes back."""
    whole = draw(st.integers(1, 50_000))
    amounts = draw(st.lists(st.integers(0, 10**9), min_size=4, max_size=4))
    parts, left = [], whole
    while left:
        parts.append(draw(st.integers(1, left)))
        left -= parts[-1]
    return whole, amounts, parts


@pytest.mark.timeout(3600)
@settings(max_examples=CASES, deadline=None)
@given(partitions())
def test_parts_of_every_component_come_to_the_whole(case):
    whole, amounts, parts = case
    for total in amounts:
        before = taken = 0
        for quantity in parts:
            part = next_part(total, taken, before, quantity, whole)
            assert part >= 0
            before, taken = before + quantity, taken + part
            assert taken == share(total, before, whole)
        assert taken == total


@pytest.mark.parametrize("seed", range(3))
def test_random_returns_of_an_invoice_end_on_nothing(desk, seed):
    numbers = random.Random(seed)
    customer = desk.customer()
    goods = [desk.product(price=f"{numbers.randint(1, 9999) / 100:.2f}", tax="STANDARD", stock="50", unit="kg") for _ in range(3)]
    sold = [(product, f"{numbers.randint(1, 9)}.{numbers.randint(0, 999):03d}", f"0.0{numbers.randint(1, 3)}") for product in goods]
    invoice = desk.sell(customer, *sold)
    left = {place: int(float(quantity) * 1000 + 0.5) for place, (_, quantity, _) in enumerate(sold, 1)}
    notes = []
    while any(left.values()):
        chosen = [place for place in left if left[place]][: numbers.randint(1, 3)]
        lines = []
        for place in chosen:
            quantity = numbers.randint(1, left[place]) if numbers.random() < 0.6 else left[place]
            left[place] -= quantity
            lines.append({"line": place, "quantity": f"{quantity // 1000}.{quantity % 1000:03d}"})
        rma = desk.come_back(customer, invoice, invoices=[{"invoice": invoice, "lines": lines}])["rma_number"]
        if numbers.random() < 0.2:
            desk.post(f"/returns/{rma}/cancellation")
            for line in lines:
                left[line["line"]] += int(float(line["quantity"]) * 1000 + 0.5)
            continue
        desk.post(f"/returns/{rma}/registrations", {"lines": [{"line": n, "disposition": "RS"} for n in range(1, len(lines) + 1)]})
        notes += desk.credit(rma, quantity_basis="all")
    ids = [desk.get(f"/invoices/{invoice}")["id"], *(note["id"] for note in notes)]
    sums = [desk.rows("SELECT net, tax, total FROM sales_invoice WHERE document_id = ?", found)[0] for found in ids]
    assert [sum(column) for column in zip(*sums, strict=True)] == [0, 0, 0]
    taxes = [desk.rows("SELECT code, sum(amount) FROM sales_invoice_tax WHERE document_id = ? GROUP BY code", found) for found in ids]
    by_code = {}
    for code, amount in (row for rows in taxes for row in rows):
        by_code[code] = by_code.get(code, 0) + amount
    assert set(by_code.values()) == {0}
