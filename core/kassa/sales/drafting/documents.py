"""The value of a draft."""

from __future__ import annotations

import attrs

from kassa.sales.documents import SalesOrder
from kassa.sales.messages.drafts import DraftKind, DraftState


@attrs.frozen(kw_only=True)
class Draft:
    """A cart, a quote or an edit of an order, with the order that it would become, in state draft.

    A cart or quote becomes the order of its own id; the order of an edit has the id of the order that it is of. `stale` tells
    that this one is not any more at the version at which the edit began. `reference` is a key of the order to be.
    """

    id: str
    kind: DraftKind
    state: DraftState
    version: int
    order: SalesOrder
    before: SalesOrder | None = None
    expires_on: str
    reference: str | None = None

    @property
    def stale(self) -> bool:
        """Tell whether the order of an edit changed since the edit began."""
        return self.before is not None and self.before.version != self.order.of_version

    def state_on(self, today: str) -> DraftState:
        """Tell the state on a day: one that is open past its last day has expired."""
        return "expired" if self.state == "open" and self.expires_on < today else self.state
