"""T-RACE: racers fire at one object at the same moment; exactly the permitted number of effects, losers hear why."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count

from campaign.counting import counts, gained, times, unsound
from campaign.installation import Installation, install, registry, remove
from campaign.processes import WORK, Act, Answer, perform
from campaign.racers import Grid, Racers, at_once, spread
from campaign.report import Report, Size, measured
from campaign.scenarios import MIXES, SCENARIOS, Case, Stage, posting
from kassa.testing.databases import Databases, Kind

REFUSALS = (404, 409, 422)
PATIENCE = 10


def campaign(databases: Databases, kind: Kind, size: Size) -> Report:
    """Race every operation that posts, under one key, under keys of their own, and mixed with others."""
    with measured("race", kind, size) as report:
        grid = spread(size.racers, kind)
        names = [name for name in posting(registry()) if size.wants(name)]
        for name in names:
            if report.expect(name in SCENARIOS, f"{name} posts and has no scenario; write one under scenarios/"):
                with arena(databases, kind, size, report, name, grid) as here:
                    here.alone(name)
        for name in filter(size.wants, MIXES):
            with arena(databases, kind, size, report, name, grid) as here:
                here.mixed(name)
        report.figures |= {"operations": len(names), "racers": size.racers, "processes": grid.processes}
    return report


class arena:
    """Racers on a database of their own; ends with the invariants."""

    def __init__(self, databases: Databases, kind: Kind, size: Size, report: Report, name: str, grid: Grid) -> None:
        self.databases, self.size, self.report, self.name = databases, size, report, name
        self.installation: Installation = install(databases, kind)
        self.engine, self.entity = self.installation.engine, self.installation.shop.legal_entity_id
        self.racers = Racers(grid)
        self.numbers: Iterator[int] = count(1)
        self.random = random.Random(f"{size.seed}-{name}")

    def __enter__(self) -> arena:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.racers.close()
        if kind is None:
            for found in (*unsound(self.engine), *(f"{name} edits and moves money or goods" for name in self.engine.edits_that_move())):
                self.report.find(found, self.name)
        remove(self.databases, self.installation)

    def act(self, operation: str, command: object, key: str) -> Act:
        """Say what a racer shall do."""
        return Act(url=self.installation.url, legal_entity_id=self.entity, operation=operation, command=command, key=key)

    def alone(self, operation: str) -> None:
        """Race one operation against itself."""
        make = SCENARIOS[operation]
        case = make(Stage(self.installation, next(self.numbers)))
        before = counts(self.engine)
        first = perform(self.engine, self.act(operation, case.command, f"{operation}-rehearsal"))
        if not self.report.expect(first.done, f"does not work alone: {first.code} {first.text}", operation):
            return
        one = gained(counts(self.engine), before)
        for what in self.engine.moved[operation] or {"neither"}:
            self.report.figures[f"move {what}"] = self.report.figures.get(f"move {what}", 0) + 1
        for number in range(self.size.rounds):
            self._one_key(operation, make(Stage(self.installation, next(self.numbers))), number, one)
            self._own_keys(operation, make(Stage(self.installation, next(self.numbers))), number, one)

    def _one_key(self, operation: str, case: Case, number: int, one: Counter[str]) -> None:
        before = counts(self.engine)
        acts = [self.act(operation, case.command, f"{operation}-one-{number}")] * self.size.racers
        answers = self._settled(acts, self._run(acts))
        where = f"{operation}, same key, round {number}"
        done = [answer for answer in answers if answer.done]
        self.report.expect(len(done) == len(answers), f"not all got the answer: {told(answers)}", where)
        self.report.expect(len({answer.text for answer in done}) == 1, "the same key has more than one answer", where)
        self._compare(case, one, 1, before, where)

    def _own_keys(self, operation: str, case: Case, number: int, one: Counter[str]) -> None:
        before = counts(self.engine)
        acts = [self.act(operation, case.command, f"{operation}-own-{number}-{racer}") for racer in range(self.size.racers)]
        answers = self._settled(acts, self._run(acts))
        where = f"{operation}, keys of their own, round {number}"
        winners = sum(answer.done for answer in answers)
        permitted = min(case.permitted or len(acts), len(acts))
        self.report.expect(winners == permitted, f"{permitted} may, {winners} did: {told(answers)}", where)
        self._compare(case, one, winners, before, where)

    def _compare(self, case: Case, one: Counter[str], winners: int, before: Counter[str], where: str) -> None:
        """Every table gained what so many acts leave, or, where the effect is shared, what one leaves and a key each."""
        expected = times(one, 1 if case.shared else winners)
        found = gained(counts(self.engine), before)
        keys = found.pop("kernel_idempotency", 0)
        expected.pop("kernel_idempotency", None)
        for table in case.varies:
            found.pop(table, None)
            expected.pop(table, None)
        self.report.expect(keys == winners, f"{winners} acts left {keys} keys", where)
        self.report.expect(found == expected, f"rows differ from what {winners} acts leave: {dict(gained(found, expected))}", where)

    def mixed(self, name: str) -> None:
        """Race different acts on one thing: whoever was told that it is done has a key there, and nobody else; jobs have none."""
        for number in range(self.size.rounds):
            different = MIXES[name].make(Stage(self.installation, next(self.numbers)))
            before = counts(self.engine)
            acts = [
                self.act(*different[racer % len(different)], f"{name}-{number}-{racer}") for racer in range(max(self.size.racers, 1))
            ]
            self.random.shuffle(acts)
            answers = self._settled(acts, self._run(acts))
            keys = gained(counts(self.engine), before)["kernel_idempotency"]
            where = f"{name}, round {number}"
            winners = Counter(act.operation for act, answer in zip(acts, answers, strict=True) if answer.done)
            told_so = winners.total() - winners[WORK]
            self.report.expect(keys == told_so, f"{told_so} were told that it is done, {keys} are", where)
            permitted = MIXES[name].permitted or len(acts)
            self.report.expect(0 < winners.total() <= permitted, f"{permitted} may, these did: {dict(winners)}", where)

    def _run(self, acts: Sequence[Act]) -> list[Answer]:
        self.report.rounds += 1
        self.report.acts += len(acts)
        answers = self.racers.run(acts)
        self.report.figures["at once"] = max(self.report.figures.get("at once", 0), at_once(answers))
        return answers

    def _settled(self, acts: Sequence[Act], answers: Sequence[Answer]) -> list[Answer]:
        """Let those who lost the race try again, one by one, as their answer told them; any other failure is a finding."""
        final = []
        for act, first in zip(acts, answers, strict=True):
            answer = first
            for _ in range(PATIENCE):
                if not answer.again:
                    break
                answer = perform(self.engine, act)
            self.report.expect(answer.done or answer.status in REFUSALS, f"answered {answer.status} {answer.code}: {answer.text}", act.operation)
            final.append(answer)
        return final


def told(answers: Sequence[Answer]) -> str:
    """What was answered how often."""
    return ", ".join(f"{times}x {what}" for what, times in Counter(f"{answer.status} {answer.code}".strip() for answer in answers).most_common())
