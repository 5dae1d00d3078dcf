"""On Sundays everything costs one: an answer to the question of the price; on other days the core answers."""

import datetime

from kassa import Decision, hookimpl

ONE = 1_000_000  # millionths


def sunday_price(order, facts, context):
    if datetime.date.fromisoformat(order.date).isoweekday() != 7:
        return None
    return {line.id: (ONE, "sunday") for line in order.lines}


@hookimpl
def register_decisions():
    return [Decision(name="bell.sunday", question="price", answer=sunday_price, summary="On Sundays everything costs one.")]
