"""The port `payments.processor`: what Kassa asks of whoever carries payments out, and how an answer is to be read.

Every call carries a reference of ours. A processor does what it is asked once for each reference, however often it is called
with it, and answers the same again. It answers within ten seconds; `ProcessorDown` says that it did nothing, `TimeoutError`
and any other exception that nobody knows.
"""

from __future__ import annotations

from typing import Literal, Protocol

import attrs

from kassa.kernel.values import Minor

PORT = "payments.processor"
SECONDS_TO_ANSWER = 10


class ProcessorDown(ConnectionError):
    """The processor could not be reached; what was asked was certainly not done."""


@attrs.frozen(kw_only=True)
class Answer:
    """What a processor says of one reference: what became of it, how it calls it itself, and what it moved."""

    outcome: Literal["approved", "declined"]
    reference: str | None = None
    reason: str | None = None
    amount: Minor | None = None
    currency: str | None = None


class Processor(Protocol):
    """A provider of the port. Amounts are positive minor units; `reference` is ours, `authorisation` and `capture` are its own."""

    def authorise(self, reference: str, token: str, amount: Minor, currency: str) -> Answer:
        """Hold an amount on the card that a token stands for."""

    def capture(self, reference: str, authorisation: str, amount: Minor, currency: str) -> Answer:
        """Take what an authorisation holds, or part of it."""

    def void(self, reference: str, authorisation: str) -> Answer:
        """Give back what an authorisation holds."""

    def refund(self, reference: str, capture: str, amount: Minor, currency: str) -> Answer:
        """Give back what was captured, or part of it."""

    def inquire(self, reference: str) -> Answer | None:
        """Tell what became of a reference; None where it never came."""
