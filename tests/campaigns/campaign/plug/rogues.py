"""The fourteen rogues: what a plugin may do wrong, by mistake or on purpose, while its code runs inside an operation."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from kassa.kernel import engine as engines
from kassa.kernel.database import connect
from kassa.kernel.permissions import SYSTEM

STEAL = "UPDATE stock_balance SET on_hand = 1000000"
SECONDS_TO_WAIT = 30
LEAKS = 3
HUGE = 10**15
Behaviour = Callable[[Any], Any]
asleep, awake = threading.Event(), threading.Event()


class Ruin(BaseException):
    """No Exception: what `except Exception` does not see."""


def raises(context: Any) -> Any:
    """P1."""
    raise ZeroDivisionError("P1")


def raises_base_exception(context: Any) -> Any:
    """P2."""
    raise Ruin("P2")


def swallows_a_database_error(context: Any) -> Any:
    """P3: the transaction of the snapshot is broken now, and nobody is told."""
    try:
        context.read.rows("SELECT nothing FROM nowhere")
    except Exception as error:  # noqa: BLE001 - that is what this rogue does
        return [] if error else None
    return []


def commits(context: Any) -> Any:
    """P4."""
    return context.read.rows("COMMIT")


def rolls_back(context: Any) -> Any:
    """P5."""
    return context.read.rows("ROLLBACK")


def opens_a_transaction(context: Any) -> Any:
    """P6: to write the very rows that the operation is about."""
    with context.engine.database.writer() as writer:
        writer.begin()


def sleeps(context: Any) -> Any:
    """P7: until it is woken."""
    asleep.set()
    awake.wait(SECONDS_TO_WAIT)
    return None


def loops(context: Any) -> Any:
    """P8: for ever; only the end of the process ends it, and it is run in a process of its own."""
    while True:
        asleep.set()


def returns_nonsense(context: Any) -> Any:
    """P9."""
    return [object()]


def mutates(context: Any) -> Any:
    """P10: what it was given."""
    context.actor.permissions = frozenset({"everything"})


def patches_the_core(context: Any) -> Any:
    """P11: the check of plans does nothing any more; what the core's own rules plan is sound without it."""
    engines.check_plan = lambda context: None


def leaks_connections(context: Any) -> Any:
    """P12."""
    for _ in range(LEAKS):
        database = connect(context.engine.database.url)
        LEAKED.append(database)
        snapshot = database.snapshot()
        snapshot.__enter__()
        LEAKED.append(snapshot)
    return None


def eats_memory(context: Any) -> Any:
    """P13."""
    return [bytearray(HUGE)]


def calls_back(context: Any) -> Any:
    """P14: an operation within the operation, by the back door."""
    command = {"number": "BEHIND", "name": "Behind"}
    context.engine.perform("parties.create_customer", command, actor=SYSTEM, legal_entity_id=context.legal_entity_id)
    return []


LEAKED: list[Any] = []
ROGUES: dict[str, Behaviour] = {
    "P1": raises, "P2": raises_base_exception, "P3": swallows_a_database_error, "P4": commits, "P5": rolls_back, "P6": opens_a_transaction,
    "P7": sleeps, "P8": loops, "P9": returns_nonsense, "P10": mutates, "P11": patches_the_core, "P12": leaks_connections,
    "P13": eats_memory, "P14": calls_back,
}  # fmt: skip
HARMLESS = {"P7", "P11", "P12"}
"""Those whose operation may go on: nothing that they did reaches what is written."""


def clean_up() -> None:
    """Undo what outlives the operation: patches, connections, sleepers."""
    from kassa.kernel.checks import check_plan

    engines.check_plan = check_plan
    while LEAKED:
        found = LEAKED.pop()
        found.close() if hasattr(found, "close") else found.__exit__(None, None, None)
    asleep.clear()
    awake.clear()
