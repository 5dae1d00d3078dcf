"""Stock over random lives: buckets and values are the sum of the history, and the ledger agrees, whatever happens."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kassa.stock.documents import OnHand, standard_value
from kassa.stock.workflow import BUCKETS, FOLLOWS, NONE, bucket_changes
from kassa.testing.builders import Shop, line
from kassa.testing.ledger import assert_sound, stock_of

QUANTITIES = st.integers(min_value=1, max_value=3000).map(lambda thousandths: f"{thousandths / 1000:.3f}")
COSTS = st.integers(min_value=0, max_value=999_999).map(lambda micro: f"{micro / 1_000_000:.6f}")
ACTS = st.one_of(
    st.tuples(st.just("in"), QUANTITIES, COSTS),
    st.tuples(st.just("out"), QUANTITIES, st.none()),
    st.tuples(st.just("sell"), QUANTITIES, st.none()),
    st.tuples(st.just("back"), QUANTITIES, st.none()),
    st.tuples(st.just("deliver"), QUANTITIES, st.none()),
    st.tuples(st.just("empty"), st.none(), st.none()),
)


@pytest.fixture
def chalk(shop: Shop) -> Shop:
    shop.set_setting("stock.negative_stock", "allow")
    shop.add_product("SAND", price="1.00", cost="0.333333", unit="kg")
    return shop


def _act(shop: Shop, act: str, quantity: str | None, cost: str | None) -> None:
    if act == "in":
        shop.adjust({"SAND": str(quantity)}, reason="count", unit_cost=cost)
    elif act == "out":
        shop.adjust({"SAND": f"-{quantity}"}, reason="count")
    elif act == "empty":
        there = stock_of(shop, "SAND").on_hand
        if there != "0":
            shop.adjust({"SAND": there[1:] if there.startswith("-") else f"-{there}"}, reason="count")
    elif act == "deliver":
        order = shop.order(line("SAND", str(quantity)), customer="C0001")["number"]
        shop.deliver(order)
    else:
        shop.invoice(shop.order(line("SAND", f"{'-' if act == 'back' else ''}{quantity}"), customer="C0001")["number"], quantity_basis="all")


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts=st.lists(ACTS, min_size=1, max_size=8))
def test_balances_are_the_sum_of_their_history(chalk: Shop, acts: list):
    """The shop goes on from example to example: what holds after each must hold after all of them."""
    for act in acts:
        _act(chalk, *act)
    found = stock_of(chalk, "SAND")
    assert found.on_hand != "0" or found.value == "0.00"
    assert_sound(chalk)


@given(
    st.integers(min_value=1, max_value=10**7),
    st.integers(min_value=0, max_value=10**9),
    st.lists(st.integers(min_value=1, max_value=10**6), min_size=1, max_size=20),
)
def test_taking_everything_takes_all_value(on_hand: int, value: int, parts: list[int]):
    for part in parts:
        quantity = min(part, on_hand)
        cost = OnHand(on_hand, on_hand, value).cost_of(quantity, 0, 2)
        assert 0 <= cost <= value
        on_hand, value = on_hand - quantity, value - cost
        if on_hand == 0:
            assert value == 0
            return
    assert OnHand(on_hand, on_hand, value).cost_of(on_hand, 0, 2) == value


@given(st.integers(min_value=1, max_value=10**6), st.integers(min_value=0, max_value=10**6), st.integers(min_value=1, max_value=10**6))
def test_more_than_there_is_is_valued_at_the_standard_cost(on_hand: int, value: int, more: int):
    assert OnHand(on_hand, on_hand, value).cost_of(on_hand + more, 2_000_000, 2) == value + standard_value(more, 2_000_000, 2)


@given(st.data(), st.integers(min_value=-(10**9), max_value=10**9).filter(bool))
def test_a_walk_through_statuses_leaves_what_the_last_one_holds(data: st.DataObject, quantity: int):
    status, held = NONE, dict.fromkeys({name for buckets in BUCKETS.values() for name in buckets}, 0)
    for _ in range(6):
        following = sorted(FOLLOWS[status])
        if not following:
            break
        after = data.draw(st.sampled_from(following))
        for bucket, change in bucket_changes(status, after, quantity).items():
            held[bucket] += change
        status = after
    assert {bucket: amount for bucket, amount in held.items() if amount} == {bucket: factor * quantity for bucket, factor in BUCKETS[status].items()}


def test_moves_that_do_not_follow_are_refused():
    for before, after in (("sold", "deducted"), ("purchased", NONE), ("received", "ordered"), (NONE, NONE)):
        with pytest.raises(ValueError, match="cannot move"):
            bucket_changes(before, after, 1000)
    assert bucket_changes(NONE, NONE, 0) == {}
