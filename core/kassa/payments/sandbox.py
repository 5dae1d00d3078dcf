"""The sandbox: a processor in this process that moves no money and does what the token of the card tells it.

A token is `sandbox`, or says in two further words which action goes wrong in which way: `sandbox-capture-timeout_after`. The
actions are authorise, capture, void and refund. The ways are

* `decline`: it is declined;
* `timeout_before`: the first call is not answered, and nothing was done;
* `timeout_after`: the first call is not answered, although it was done;
* `down`: at the first call it cannot be reached;
* `wrong_amount`: it answers with another amount than it was asked for;
* `twice`: it answers, and means to say the same once more by a message of its own: these stand in `repeated`.

Whatever has the same reference is done once and answered the same again. Any other token is declined.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import attrs

from kassa.kernel.frozen import evolve
from kassa.kernel.values import Minor
from kassa.payments.processor import Answer, ProcessorDown


@attrs.define
class Hold:
    """What the sandbox knows of one authorisation, in minor units."""

    token: str
    currency: str
    authorised: Minor
    captured: Minor = 0
    refunded: Minor = 0
    voided: bool = False


class Sandbox:
    """A processor for trying and for tests; it forgets everything with the process."""

    def __init__(self) -> None:
        self.holds: dict[str, Hold] = {}
        self.calls: list[tuple[str, str]] = []
        self.repeated: list[tuple[str, Answer]] = []
        self._answers: dict[str, Answer] = {}
        self._guard = threading.Lock()

    def authorise(self, reference: str, token: str, amount: Minor, currency: str) -> Answer:
        """Hold an amount, if the token is one of the sandbox's."""

        def act() -> Answer:
            if token.split("-")[0] != "sandbox":
                return Answer(outcome="declined", reason="no card of the sandbox")
            self.holds[f"hold-{reference}"] = Hold(token, currency, amount)
            return Answer(outcome="approved", reference=f"hold-{reference}", amount=amount, currency=currency)

        return self._once("authorise", reference, token, act)

    def capture(self, reference: str, authorisation: str, amount: Minor, currency: str) -> Answer:
        """Take what is held, at most that and once."""
        hold = self.holds.get(authorisation)

        def act() -> Answer:
            if hold is None or hold.voided or hold.currency != currency or hold.captured + amount > hold.authorised:
                return Answer(outcome="declined", reason="more than is held")
            hold.captured += amount
            return Answer(outcome="approved", reference=authorisation, amount=amount, currency=currency)

        return self._once("capture", reference, hold.token if hold is not None else "", act)

    def void(self, reference: str, authorisation: str) -> Answer:
        """Give back what is held and not captured."""
        hold = self.holds.get(authorisation)

        def act() -> Answer:
            if hold is None or hold.captured:
                return Answer(outcome="declined", reason="nothing is held")
            hold.voided = True
            return Answer(outcome="approved", reference=authorisation, amount=hold.authorised, currency=hold.currency)

        return self._once("void", reference, hold.token if hold is not None else "", act)

    def refund(self, reference: str, capture: str, amount: Minor, currency: str) -> Answer:
        """Give back what was captured, at most that."""
        hold = self.holds.get(capture)

        def act() -> Answer:
            if hold is None or hold.currency != currency or hold.refunded + amount > hold.captured:
                return Answer(outcome="declined", reason="more than was captured")
            hold.refunded += amount
            return Answer(outcome="approved", reference=capture, amount=amount, currency=currency)

        return self._once("refund", reference, hold.token if hold is not None else "", act)

    def inquire(self, reference: str) -> Answer | None:
        """Tell what became of a reference."""
        with self._guard:
            self.calls.append(("inquire", reference))
            return self._answers.get(reference)

    def _once(self, action: str, reference: str, token: str, act: Callable[[], Answer]) -> Answer:
        way = _way(token, action)
        with self._guard:
            first = (action, reference) not in self.calls
            self.calls.append((action, reference))
            if first and way == "down":
                raise ProcessorDown("The sandbox plays dead.")
            if first and way == "timeout_before":
                raise TimeoutError("the sandbox did not answer")
            if reference not in self._answers:
                answer = Answer(outcome="declined", reason="the token says so") if way == "decline" else act()
                wrong = way == "wrong_amount" and answer.amount is not None
                self._answers[reference] = evolve(answer, amount=(answer.amount or 0) + 1) if wrong else answer
            if first and way == "twice":
                self.repeated.append((reference, self._answers[reference]))
            if first and way == "timeout_after":
                raise TimeoutError("the sandbox did not answer")
            return self._answers[reference]


def _way(token: str, action: str) -> str:
    """Tell what a token wants to go wrong with an action; nothing, mostly."""
    words = token.split("-")
    return words[2] if len(words) == 3 and words[1] == action else ""
