"""Nobody carries more than a hundred pieces out of the shop: a check of every order that is created."""

from kassa import ErrorCode, Issue, Rule, hookimpl

AT_MOST = 100_000  # thousandths


def check_load(order, facts, context):
    for line in order.lines:
        if line.quantity > AT_MOST:
            yield Issue(
                code="BELL_TOO_HEAVY",
                message=f"Line {line.number}: at most 100 pieces can be carried out.",
                pointer=f"/lines/{line.number - 1}/quantity",
            )


@hookimpl
def register_definitions():
    return [ErrorCode(code="BELL_TOO_HEAVY", title="Too heavy", meaning="Nobody can carry so much.", action="Order a delivery.")]


@hookimpl
def register_rules():
    return [Rule(name="bell.load", kind="order", transition="create", stage="check", run=check_load, summary="It can be carried.")]
