"""Fields of a change that may be left out: what they name stays as it is. Null is something else, it is sent and takes a value away."""

from typing import Any


class LeftOut:
    """What a field of a change holds that was not sent."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Show it in a traceback as what it is."""
        return "LEFT_OUT"


LEFT_OUT = LeftOut()


def left_out() -> Any:
    """The factory of a field that a change may leave out."""
    return LEFT_OUT
