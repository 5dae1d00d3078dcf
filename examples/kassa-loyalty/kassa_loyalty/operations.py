"""Looking at points."""

from kassa import Context, Http, Operation
from kassa_loyalty.messages import PointsView, ReadPoints
from kassa_loyalty.rules import BALANCE


def read_points(command: ReadPoints, context: Context) -> PointsView:
    """Tell how many points a customer has; who is not known is not found."""
    customer = context.call("parties.read_customer", {"customer": command.customer})
    key = (customer.id,)
    return PointsView(customer=customer.number, points=context.balance(BALANCE, [key])[key]["points"])


OPERATIONS = (
    Operation(
        name="loyalty.read_points",
        summary="Read the points of a customer",
        effect="read",
        http=Http(method="GET", path="/loyalty/customers/{customer}"),
        request=ReadPoints,
        response=PointsView,
        permission="loyalty.read",
        handler=read_points,
    ),
)
