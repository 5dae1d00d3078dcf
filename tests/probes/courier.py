"""A probe: asks a carrier for its rate before anything is planned, and writes the offer down; no room but the kernel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import attrs

from kassa.kernel import contributions as give
from kassa.kernel.errors import Unavailable
from kassa.kernel.operations import Result
from kassa.kernel.plan import Row
from kassa.kernel.plugins import hookimpl
from kassa.kernel.schema import Identifier, Range
from kassa.kernel.tables import Id, Integer, Table
from kassa.kernel.values import new_id

PORT = "courier.carrier"


class OfferRow(Table):
    """What a parcel would cost (minor units), by its weight in grams."""

    id = Id(primary_key=True)
    grams = Integer()
    price = Integer()

    class Meta:
        table_name = "courier_offer"
        append_only = True


class Pigeon:
    """A carrier in this process: so much a gram."""

    def rate(self, grams: int) -> int:
        return 2 * grams


class Telephone:
    """A carrier whose telephone is out of order."""

    def rate(self, grams: int) -> int:
        raise Unavailable("The carrier does not answer. Ask again later.")


@attrs.frozen(kw_only=True)
class AskForOffer:
    """Asks what a parcel would cost."""

    grams: Annotated[int, Range(1, 30_000)] = attrs.field(metadata={"examples": [500]})


@attrs.frozen(kw_only=True)
class OfferView:
    """An offer."""

    id: Identifier
    price: int


def ask(command: AskForOffer, engine: Any, request: Any) -> int:
    return int(engine.services.provider(PORT).rate(command.grams))


def take_down(command: AskForOffer, context: Any) -> Result:
    offer = OfferView(id=new_id(), price=context.prepared)
    context.plan.add([Row(OfferRow, {"id": offer.id, "grams": command.grams, "price": offer.price})], rule="courier.ask")
    return Result(view=lambda numbers: offer)


@hookimpl
def register_storage() -> Iterable[Any]:
    return [give.Storage(name="courier", tables=(OfferRow,))]


@hookimpl
def register_operations() -> Iterable[Any]:
    return [
        give.Operation(
            name="courier.ask", summary="Ask for an offer", effect="edit", http=give.Http(method="POST", path="/courier/offers", status=201),
            scope="none", request=AskForOffer, response=OfferView, permission=None, handler=take_down, prepare=ask,
        )
    ]  # fmt: skip


@hookimpl
def register_services() -> Iterable[Any]:
    return [
        give.Service(name="courier.pigeon", port=PORT, provider=Pigeon, summary="Pigeons", default=True),
        give.Service(name="courier.telephone", port=PORT, provider=Telephone, summary="By telephone"),
    ]
