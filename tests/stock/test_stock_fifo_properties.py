"""FIFO at the close against a reckoning of its own: goods in a row, taken from the front as time goes by."""

from collections import deque

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kassa.kernel.values import share
from kassa.stock.fifo import SettledLot, close
from kassa.testing.builders import line
from kassa.testing.ledger import assert_sound, stock_of

PLACES = ("here", "there")
# What comes (quantity, cost), what leaves (a share of what is there, a running cost), what comes back of an earlier issue, what is carried over.
ACTS = st.one_of(
    st.tuples(st.just("in"), st.integers(1, 9), st.integers(0, 500)),
    st.tuples(st.just("out"), st.integers(1, 9), st.integers(0, 500)),
    st.tuples(st.just("back"), st.integers(1, 9), st.integers(0, 500)),
    st.tuples(st.just("carry"), st.integers(1, 9), st.integers(0, 500)),
)


class Row:
    """Goods in a row at one place: lots with what is left of each, and how much of its cost was taken already."""

    def __init__(self):
        self.lots = deque()

    @property
    def quantity(self):
        return sum(left for left, _, _, _ in self.lots)

    def put(self, quantity, cost):
        self.lots.append([quantity, quantity, cost, 0])

    def take(self, quantity):
        """Take from the front; a lot hands its cost out so that all parts add up to it."""
        total = 0
        while quantity:
            lot = self.lots[0]
            part = min(quantity, lot[0])
            before = lot[1] - lot[0]
            total += share(lot[2], before + part, lot[1]) - share(lot[2], before, lot[1])
            lot[0] -= part
            quantity -= part
            if not lot[0]:
                self.lots.popleft()
        return total


def tell(acts):
    """Play acts; the lots as the books have them at the close, and what each should cost by the reckoning of its own."""
    rows, lots, wanted, issues = {place: Row() for place in PLACES}, [], {}, []

    def note(place, quantity, booked, cost, source=None):
        name = f"{len(lots):04d}"
        lots.append(
            SettledLot(
                id=name, warehouse_id=place, quantity=quantity, cost=booked if quantity > 0 else -booked, order=("2026-01-01", name),
                source_lot_id=source,
            )
        )  # fmt: skip
        wanted[name] = cost
        return name

    for act, size, booked in acts:
        place = PLACES[booked % 2]
        row, quantity = rows[place], min(size, rows[place].quantity)
        if act == "in":
            row.put(size, booked)
            note(place, size, booked, booked)
        elif act in ("out", "carry") and quantity:
            cost = row.take(quantity)
            name = note(place, -quantity, booked, cost)
            if act == "out":
                issues.append([name, quantity, cost, 0])
            else:
                other = PLACES[1 - booked % 2]
                rows[other].put(quantity, cost)
                note(other, quantity, booked, cost, source=name)
        elif act == "back" and issues:
            name, whole, cost, before = issue = issues[size % len(issues)]
            back = min(size, whole - before)
            if back:
                part = share(cost, before + back, whole) - share(cost, before, whole)
                issue[3] += back
                row.put(back, part)
                note(place, back, booked, part, source=name)
    return lots, wanted, rows


@settings(max_examples=300, deadline=None)
@given(st.lists(ACTS, max_size=25))
def test_a_close_is_what_goods_in_a_row_come_to(acts):
    lots, wanted, rows = tell(acts)
    outcome = close(lots)
    assert dict(outcome.costs) == wanted
    matched = {}
    for match in outcome.matches:
        matched[match.receipt_lot_id] = matched.get(match.receipt_lot_id, 0) + match.quantity
    by_place = dict.fromkeys(PLACES, 0)
    for lot in lots:
        by_place[lot.warehouse_id] += outcome.costs[lot.id] * (1 if lot.quantity > 0 else -1)
        assert matched.get(lot.id, 0) <= abs(lot.quantity)
    for place, row in rows.items():
        assert by_place[place] == sum(cost - share(cost, whole - left, whole) for left, whole, cost, _ in row.lots)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from((-1, 1)), st.integers(1, 9), st.integers(0, 500), st.integers(0, 12)), max_size=20))
def test_whatever_is_asked_no_cost_is_lost(steps):
    """Goods may leave before they come and come back from lots in circles: what came less what left is what is open, to the cent."""
    lots = [
        SettledLot(
            id=f"{n:04d}", warehouse_id="here", quantity=sign * size, cost=sign * cost, order=("2026-01-01", f"{n:04d}"),
            source_lot_id=f"{source:04d}" if sign > 0 and source < len(steps) and steps[source][0] < 0 else None,
        )
        for n, (sign, size, cost, source) in enumerate(steps)
    ]  # fmt: skip
    outcome = close(lots)
    taken, given_ = {}, {}
    for match in outcome.matches:
        taken.setdefault(match.issue_lot_id, []).append(match)
        given_.setdefault(match.receipt_lot_id, []).append(match)
    for lot in lots:
        parts = (taken if lot.quantity < 0 else given_).get(lot.id, [])
        assert sum(match.quantity for match in parts) <= abs(lot.quantity)
        if parts and sum(match.quantity for match in parts) == abs(lot.quantity):
            assert sum(match.cost for match in parts) == outcome.costs[lot.id]
    assert len({*taken} & {lot.id for lot in lots if lot.quantity > 0}) == 0


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts=st.lists(st.tuples(st.sampled_from(("in", "out", "carry")), st.integers(1, 6), st.integers(1, 999)), min_size=2, max_size=8))
def test_a_close_of_the_books_is_what_goods_in_a_row_come_to(depot, acts):
    depot.engine.clock.advance(days=3)
    product = f"TEA{depot.engine.clock.now()}"
    depot.add_product(product, price="10.00", cost="5.00", group="FIFO")
    here, there = Row(), Row()
    for act, size, cents in acts:
        quantity = min(size, here.quantity)
        if act == "in":
            depot.adjust({product: str(size)}, unit_cost=f"{cents // 100}.{cents % 100:02d}")
            here.put(size, size * cents)
        elif quantity and act == "out":
            depot.sell(line(product, str(quantity)), payments={"cash": f"{quantity * 10}.00"})
            here.take(quantity)
        elif quantity:
            depot.transfer({product: str(quantity)}, immediate=True)
            there.put(quantity, here.take(quantity))
    through = depot.today
    depot.engine.clock.advance(days=2)
    assert depot.close(through).summary["refused"] == 0
    for row, warehouse in ((here, "S001"), (there, "W01")):
        left = sum(cost - share(cost, whole - rest, whole) for rest, whole, cost, _ in row.lots)
        assert stock_of(depot, product, warehouse).value == f"{left // 100}.{left % 100:02d}"
    assert_sound(depot)


def test_a_circle_keeps_the_cost_that_it_has():
    """Sold before it came, and the only goods that came are the same that came back: nothing else says what they cost."""
    lots = [
        SettledLot(id="a", warehouse_id="here", quantity=-5, cost=-35, order=("2026-01-01", "a")),
        SettledLot(id="b", warehouse_id="here", quantity=5, cost=35, order=("2026-01-02", "b"), source_lot_id="a"),
    ]
    assert dict(close(lots).costs) == {"a": 35, "b": 35}


@pytest.mark.rule("RET-14")
def test_the_worked_example_of_goods_that_came_back():
    lots = [
        SettledLot(id="a", warehouse_id="here", quantity=10, cost=60, order=("2026-01-01", "a")),
        SettledLot(id="b", warehouse_id="here", quantity=10, cost=80, order=("2026-01-02", "b")),
        SettledLot(id="c", warehouse_id="here", quantity=-5, cost=-35, order=("2026-01-03", "c")),
        SettledLot(id="d", warehouse_id="here", quantity=5, cost=35, order=("2026-01-04", "d"), source_lot_id="c"),
    ]
    assert dict(close(lots).costs) == {"a": 60, "b": 80, "c": 30, "d": 30}
