"""The acts of scenarios one after the other: as often as each says that it may be done, and once too often.

It needs no racers and little time, so the ordinary suite does it for every operation that posts.
"""

from __future__ import annotations

from campaign.counting import counts, gained, unsound
from campaign.installation import install, remove
from campaign.processes import Act, perform
from campaign.report import Report, Size, measured
from campaign.scenarios import SCENARIOS, Case, Stage
from kassa.kernel.engine import Engine
from kassa.testing.databases import Databases, Kind

REFUSALS = (404, 409, 422)
TWICE = 2


def campaign(databases: Databases, kind: Kind, size: Size) -> Report:
    """Do what every scenario asks for under keys of their own, one after the other."""
    with measured("turns", kind, size) as report:
        installation = install(databases, kind)
        for number, name in enumerate(filter(size.wants, SCENARIOS), 1):
            case = SCENARIOS[name](Stage(installation, number))
            most = case.permitted or TWICE
            for time in range(1, most + (case.permitted is not None) + 1):
                entity = installation.shop.legal_entity_id
                act = Act(url=installation.url, legal_entity_id=entity, operation=name, command=case.command, key=f"{name}-{time}")
                _act(installation.engine, act, case, time, report)
        for found in unsound(installation.engine):
            report.find(found)
        remove(databases, installation)
    return report


def _act(engine: Engine, act: Act, case: Case, time: int, report: Report) -> None:
    before = counts(engine)
    answer = perform(engine, act)
    left = gained(counts(engine), before)
    told = f"{act.operation}, time {time}: answered {answer.status} {answer.code} {answer.text[:120]}, left {dict(left)}"
    if case.permitted is not None and time > case.permitted:
        report.expect(answer.status in REFUSALS and not left, "is done once too often", told)
    elif case.shared and time > 1:
        report.expect(answer.done and left.keys() - set(case.varies) == {"kernel_idempotency"}, "has an effect of its own, which should be shared", told)
    else:
        report.expect(answer.done and left["kernel_idempotency"] == 1, "is not done", told)
    report.acts += 1
