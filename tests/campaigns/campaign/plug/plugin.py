"""A plugin with a contribution at every place where its code can run; one of them misbehaves, as long as it is told to."""

from __future__ import annotations

from typing import Any

import attrs

from campaign.installation import registry
from campaign.plug.rogues import Behaviour
from kassa.kernel import contributions as give
from kassa.kernel.contributions import STAGES, Question
from kassa.kernel.plugins import hookimpl
from kassa.kernel.registry import Registry
from kassa.kernel.schema import Text

STEPS = (("order", "create"), ("packing_slip", "post"), ("invoice", "post"), ("payment", "post"))
OPERATION = "rogue.sell"


class Spell:
    """Where the plugin misbehaves, and how; None where it behaves."""

    def __init__(self) -> None:
        self.place: str | None = None
        self.behaviour: Behaviour | None = None

    def cast(self, place: str, context: Any) -> Any:
        """Misbehave if it is the place."""
        return self.behaviour(context) if self.behaviour is not None and place == self.place else None


spell = Spell()


@attrs.frozen(kw_only=True)
class SellByRogue:
    """Asks for a sale of one piece through the plugin."""

    store: Text
    product: Text
    amount: Text


def places() -> list[str]:
    """Every place where code of a plugin runs in a sale: rules of each stage, loaders, questions, its own handler."""
    rules = [f"{kind}.{transition}.{stage}" for kind, transition in STEPS for stage in STAGES]
    loaders = [f"{kind}.{transition}.load" for kind, transition in STEPS]
    questions = [f"decides {question.name}" for question in registry().all(Question)]
    return [*rules, *loaders, *questions, "handler"]


def _rule(kind: str, transition: str, stage: Any) -> give.Rule:
    place = f"{kind}.{transition}.{stage}"

    def run(document: Any, facts: Any, context: Any) -> Any:
        return spell.cast(place, context)

    name = f"rogue.{kind}_{transition}_{stage}"
    return give.Rule(name=name, kind=kind, transition=transition, stage=stage, run=run, summary="Misbehaves when told to")


def _loader(kind: str, transition: str) -> give.Loader:
    def load(read: Any, documents: Any, context: Any) -> Any:
        return spell.cast(f"{kind}.{transition}.load", context) or {}

    return give.Loader(name=f"rogue.{kind}_{transition}", facts=bytes, load=load, kind=kind, transition=transition)


def _decision(question: str) -> give.Decision:
    def answer(document: Any, facts: Any, context: Any, *more: Any) -> Any:
        return spell.cast(f"decides {question}", context)

    return give.Decision(name=f"rogue.{question}", question=question, answer=answer, summary="Misbehaves when told to")


@hookimpl
def register_rules() -> list[Any]:
    """A rule in every stage, a loader for every step."""
    return [*(_rule(kind, transition, stage) for kind, transition in STEPS for stage in STAGES), *(_loader(*step) for step in STEPS)]


@hookimpl
def register_decisions() -> list[Any]:
    """An answer to every question, None as long as it behaves."""
    return [_decision(question.name) for question in registry().all(Question)]


@hookimpl
def register_definitions() -> list[Any]:
    """The permission of its operation."""
    return [give.Permission(name="rogue.sell", summary="Sell through the plugin")]


@hookimpl
def register_operations() -> list[Any]:
    """An operation that sells by calling another, after it did whatever it was told to."""

    def handler(command: SellByRogue, context: Any) -> Any:
        done = spell.cast("handler", context)
        line, paid = {"product": command.product, "quantity": "1"}, {"tender": "cash", "amount": command.amount}
        result = context.call("sales.sell", {"store": command.store, "lines": [line], "payments": [paid]})
        return done or result

    from kassa.sales.messages import SaleView

    return [
        give.Operation(
            name=OPERATION, summary="Sell through the plugin", effect="post", request=SellByRogue, response=SaleView, permission="rogue.sell", handler=handler
        )
    ]


def infected() -> Registry:
    """The registry of the campaigns with this plugin in it."""
    from campaign import witness
    from campaign.plug import plugin
    from kassa.kernel import plugins
    from kassa.kernel.registry import build

    return build({**plugins.load(plugins.discover(())), "witness": witness, "rogue": plugin})
