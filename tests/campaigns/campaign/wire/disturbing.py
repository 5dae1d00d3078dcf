"""One act whose commit is disturbed: what it answered, what is there, and the same key again."""

from __future__ import annotations

import random
from typing import Protocol

from campaign.counting import counts, gained
from campaign.processes import Act, perform
from campaign.report import Report, Size
from campaign.scenarios import SCENARIOS, Stage
from kassa.kernel.engine import Engine

PATIENCE = 10
UNDECIDED = ("OUTCOME_UNKNOWN",)
NOT_DONE = ("LOST_RACE", "UNAVAILABLE", "IDEMPOTENCY_IN_FLIGHT", *UNDECIDED)


class Disturbance(Protocol):
    """Something that disturbs the next act, once."""

    def arm(self, kind: str, left: int) -> None: ...
    def disarm(self) -> bool: ...


def named(size: Size) -> list[str]:
    """The operations that were asked for by name."""
    return [name for name in SCENARIOS if name in size.only]


def operations(size: Size) -> list[str]:
    """The operations whose commits are disturbed, in an order that follows from the seed: those that were named, else all."""
    found = named(size) or list(SCENARIOS)
    random.Random(size.seed).shuffle(found)
    return found


def disturbed(engine: Engine, stage: Stage, operation: str, wire: Disturbance, where: tuple[str, int], report: Report) -> None:
    """One act that is disturbed; the same again, until it is done; the effect of one."""
    installation = stage.installation
    one = gains(stage, operation)
    case = SCENARIOS[operation](stage)
    act = Act(
        url="", legal_entity_id=installation.shop.legal_entity_id, operation=operation, command=case.command, key=f"wire-{stage.number}"
    )
    before = counts(installation.engine)
    wire.arm(*where)
    answer = perform(engine, act)
    was_cut = wire.disarm()
    report.cuts += was_cut
    report.figures[where[0]] = report.figures.get(where[0], 0) + was_cut
    committed = bool(installation.rows("SELECT 1 FROM kernel_idempotency WHERE key = ?", act.key))
    told = f"{operation}, cut at {where}"
    if committed:
        report.expect(answer.done or answer.code in UNDECIDED, f"it is there, and was answered {answer.status} {answer.code} {answer.text}", told)
    else:
        report.expect(answer.code in NOT_DONE, f"it is not there, and was answered {answer.status} {answer.code} {answer.text}", told)
    report.figures["resolved"] = report.figures.get("resolved", 0) + (committed and answer.done and was_cut)
    for _ in range(PATIENCE):
        if answer.done:
            break
        answer = perform(engine, act)
    answer = perform(engine, act)
    report.expect(answer.done and answer.replayed, f"the same key then answers {answer.status} {answer.code}", told)
    found = gained(counts(installation.engine), before)
    differs = {table: rows for table, rows in gained(found, one).items() if table not in case.varies}
    report.expect(not differs, f"rows differ from what one act leaves: {differs}", told)
    report.acts += 1


KNOWN: dict[tuple[str, str], dict[str, int]] = {}


def gains(stage: Stage, operation: str) -> dict[str, int]:
    """What one act of an operation leaves behind, found out on a case of its own."""
    key = (stage.installation.url, operation)
    if key not in KNOWN:
        rehearsal = Stage(stage.installation, 500_000 + len(KNOWN) if operation != "stock.close_period" else 0)
        command = SCENARIOS[operation](rehearsal).command
        before = counts(stage.installation.engine)
        stage.shop.perform(operation, command)
        KNOWN[key] = gained(counts(stage.installation.engine), before)
    return KNOWN[key]
