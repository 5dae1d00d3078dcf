"""Request and view of the points of a customer."""

import attrs


@attrs.frozen(kw_only=True)
class ReadPoints:
    """Names a customer."""

    customer: str = attrs.field(metadata={"description": "Number or id of the customer.", "examples": ["C-1001"]})


@attrs.frozen(kw_only=True)
class PointsView:
    """The points of a customer."""

    customer: str
    points: int
