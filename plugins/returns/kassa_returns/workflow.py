"""States of returns, each machine as one table: lines, the header that follows them, arrivals, quarantine orders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kassa import Transition

LINE_STATES = ("expected", "quarantine", "registered", "received", "invoiced", "cancelled")
LINE_TRANSITIONS = (
    Transition(name="expect", target="expected", summary="The line was made."),
    Transition(name="register", sources=("expected", "quarantine"), target="registered", summary="The goods came, with a disposition code."),
    Transition(name="credit_only", sources=("expected",), target="registered", summary="No goods will come; they are credited all the same."),
    Transition(name="uncredit", sources=("registered",), target="expected", summary="Goods shall come after all."),
    Transition(name="quarantine", sources=("expected",), target="quarantine", summary="The goods came and wait for inspection."),
    Transition(name="release", sources=("quarantine",), target="expected", summary="The goods were not inspected, and are expected again."),
    Transition(name="receive", sources=("registered",), target="received", summary="The packing slip carried the disposition out."),
    Transition(name="invoice", sources=("registered", "received"), target="invoiced", summary="The line was credited."),
    Transition(name="cancel", sources=("expected",), target="cancelled", summary="Nothing will come."),
)
HEADER_STATES = ("created", "open", "closed", "cancelled", "deleted")
ARRIVAL_STATES = ("open", "posted")
ARRIVAL_TRANSITIONS = (
    Transition(name="create", target="open", summary="Goods come back from inspection and have to be registered."),
    Transition(name="post", sources=("open",), target="posted", summary="The goods are registered, or sent to quarantine.", event="returns.arrived"),
)
QUARANTINE_STATES = ("created", "started", "reported", "ended", "deleted")
QUARANTINE_TRANSITIONS = (
    Transition(name="create", target="created", summary="Goods shall be inspected."),
    Transition(name="start", sources=("created",), target="started", summary="The goods are inspected."),
    Transition(name="split", sources=("started",), target=None, summary="A part gets an order of its own."),
    Transition(name="report", sources=("started",), target="reported", summary="It is decided; the goods go back to receiving."),
    Transition(name="conclude", sources=("started", "reported"), target="ended", summary="The goods are registered.", event="returns.inspected"),
    Transition(name="delete", sources=("created", "ended"), target="deleted", summary="The order is not shown any more."),
)
PROGRESSED = frozenset({"quarantine", "registered", "received", "invoiced"})


def allowed(move: str, state: str) -> bool:
    """Tell whether a line may make a move from a state."""
    (found,) = (transition for transition in LINE_TRANSITIONS if transition.name == move)
    return state in found.sources


def sources_of(move: str) -> str:
    """Name the states from which a line may make a move."""
    (found,) = (transition for transition in LINE_TRANSITIONS if transition.name == move)
    return " or ".join(found.sources)


def header_state(lines: Sequence[str]) -> str:
    """Tell the state of a header from those of its lines: it follows them, forwards and back (RET-50, RET-51)."""
    if lines and all(state == "cancelled" for state in lines):
        return "cancelled"
    if "invoiced" in lines and all(state in ("invoiced", "cancelled") for state in lines):
        return "closed"
    return "open" if begun(lines) else "created"


def begun(lines: Iterable[str]) -> bool:
    """Tell whether any line left the state in which it was made, but to be cancelled."""
    return any(state in PROGRESSED for state in lines)
