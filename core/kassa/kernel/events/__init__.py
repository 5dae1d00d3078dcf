"""Events as others see them: CloudEvents in a feed whose places never fill up behind a reader, listed by an operation."""

from kassa.kernel.events.envelope import EventView, view_of
from kassa.kernel.events.feed import publish

__all__ = ["EventView", "publish", "view_of"]
