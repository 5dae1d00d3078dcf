"""T-PLUG: each of the fourteen rogues at each place of a sale; the sale is there whole or not at all, and everybody else goes on."""

from __future__ import annotations

import random
from itertools import product as pairs
from threading import Thread
from typing import Any

from campaign.counting import counts, gained, unsound
from campaign.installation import Installation, install, open_engine, remove
from campaign.plug.plugin import OPERATION, infected, places, spell
from campaign.plug.rogues import HARMLESS, ROGUES, asleep, awake, clean_up
from campaign.processes import started
from campaign.report import Report, Size, measured
from kassa.kernel.clock import FixedClock
from kassa.kernel.database import connect
from kassa.kernel.engine import Engine
from kassa.kernel.errors import PluginError
from kassa.kernel.permissions import SYSTEM
from kassa.kernel.values import new_id
from kassa.testing.databases import Databases, Kind

FULL = 20
SECONDS_TO_BEGIN = 60
PRODUCT = "P"


def campaign(databases: Databases, kind: Kind, size: Size) -> Report:
    """All rogues at all places where the campaign has its full size; else each at one place."""
    with measured("plug", kind, size) as report:
        installation = install(databases, kind)
        installation.shop.add_product(PRODUCT, price="10.00", cost="6.00", stock="100000")
        engine = Engine(connect(installation.url), infected(), FixedClock(installation.engine.clock.now()))
        try:
            Infection(installation, engine, report).run(size)
        finally:
            engine.close()
        for found in unsound(installation.engine):
            report.find(found)
        remove(databases, installation)
    return report


class Infection:
    """An installation with the rogue in it, and one without on the same database: that of everybody else."""

    def __init__(self, installation: Installation, engine: Engine, report: Report) -> None:
        self.installation, self.engine, self.report = installation, engine, report
        before = counts(installation.engine)
        self.sell(installation.engine)
        self.one = gained(counts(installation.engine), before)

    def run(self, size: Size) -> None:
        """Each rogue at its places."""
        choose = random.Random(size.seed)
        chosen = list(pairs(ROGUES, places()))
        if size.rounds < FULL:
            chosen = [(rogue, choose.choice(places())) for rogue in ROGUES for _ in range(size.rounds)]
        for rogue, place in chosen:
            if not size.wants(rogue):
                continue
            self.report.acts += 1
            if rogue in ("P7", "P8"):
                {"P7": self.asleep, "P8": self.looping}[rogue](place)
            else:
                self.once(rogue, place)
        self.report.figures |= {"rogues": len(ROGUES), "places": len(places())}

    def sell(self, engine: Engine, operation: str = "sales.sell", key: str | None = None) -> Any:
        """One piece."""
        command: dict[str, Any] = {"store": self.installation.shop.store}
        if operation == OPERATION:
            command |= {"product": PRODUCT, "amount": "10.00"}
        else:
            command |= {"lines": [{"product": PRODUCT, "quantity": "1"}], "payments": [{"tender": "cash", "amount": "10.00"}]}
        return engine.perform(operation, command, actor=SYSTEM, key=key or new_id(), legal_entity_id=self.installation.shop.legal_entity_id)

    def attempt(self, rogue: str, place: str) -> BaseException | None:
        """Sell while the rogue is at work; what was raised."""
        spell.place, spell.behaviour = place, ROGUES[rogue]
        try:
            self.sell(self.engine, OPERATION if place == "handler" else "sales.sell")
        except BaseException as error:  # noqa: BLE001 - one of the rogues raises just that
            return error
        finally:
            spell.place = spell.behaviour = None
            clean_up()
        return None

    def once(self, rogue: str, place: str) -> None:
        """The sale is whole or absent, the culprit is named, and the next sale goes on."""
        where, before = f"{rogue} at {place}", counts(self.installation.engine)
        error = self.attempt(rogue, place)
        found = gained(counts(self.installation.engine), before)
        self.report.expect(found in ({}, self.one), f"the sale is there in part: {dict(found)}", where)
        self.report.expect((error is None) == bool(found), f"it ended with {error!r}, and left {dict(found)}", where)
        self._named(rogue, error, where)
        if rogue not in HARMLESS and place in REACHED:
            self.report.expect(error is not None, "nobody noticed", where)
        self._goes_on(where)

    def _named(self, rogue: str, error: BaseException | None, where: str) -> None:
        if error is None or rogue == "P2":
            return
        named = isinstance(error, PluginError) and error.plugin == "rogue"
        self.report.expect(named, f"the culprit is not named: {error!r}", where)

    def _goes_on(self, where: str) -> None:
        for engine in (self.engine, self.installation.engine):
            before = counts(self.installation.engine)
            try:
                self.sell(engine)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
                self.report.find(f"the next sale fails: {error!r}", where)
            self.report.expect(gained(counts(self.installation.engine), before) == self.one, "the next sale is not like others", where)

    def asleep(self, place: str) -> None:
        """While the rogue sleeps, everybody else sells."""
        where = f"P7 at {place}"
        spell.place, spell.behaviour = place, ROGUES["P7"]
        told: list[Any] = []
        slow = Thread(target=lambda: told.append(self.sell(self.engine, OPERATION if place == "handler" else "sales.sell")))
        slow.start()
        try:
            if asleep.wait(0 if place not in REACHED else SECONDS_TO_BEGIN):
                before = counts(self.installation.engine)
                self.sell(self.installation.engine)
                self.report.expect(gained(counts(self.installation.engine), before) == self.one, "the others wait for it", where)
        finally:
            awake.set()
            slow.join()
            spell.place = spell.behaviour = None
            clean_up()
        self.report.expect(bool(told) or place not in REACHED, "the sleeper's sale is lost", where)

    def looping(self, place: str) -> None:
        """While the rogue loops, everybody else sells; when its process is ended, nothing of it is there."""
        where, before = f"P8 at {place}", counts(self.installation.engine)
        process = started(loop, self.installation.url, self.installation.shop.legal_entity_id, self.installation.shop.store, place)
        process.join(SECONDS_OF_LOOPING)
        self.sell(self.installation.engine)
        process.kill()
        process.join()
        self.report.kills += 1
        found = gained(counts(self.installation.engine), before)
        twice = {table: 2 * rows for table, rows in self.one.items()}
        self.report.expect(found == self.one or (place not in REACHED and found == twice), f"it left {dict(gained(found, self.one))}", where)


SECONDS_OF_LOOPING = 1
REACHED = {place for place in places() if place.endswith((".lines", ".price", ".check", ".entries", ".load", ".derived"))} | {"handler"}
"""Places that every sale passes."""


def loop(url: str, entity: str, store: str, place: str) -> None:
    """Sell with a rogue that never comes back."""
    engine = Engine(open_engine(url).database, infected())
    spell.place, spell.behaviour = place, ROGUES["P8"]
    command: dict[str, Any] = {"store": store}
    if place == "handler":
        command |= {"product": PRODUCT, "amount": "10.00"}
    else:
        command |= {"lines": [{"product": PRODUCT, "quantity": "1"}], "payments": [{"tender": "cash", "amount": "10.00"}]}
    engine.perform(OPERATION if place == "handler" else "sales.sell", command, actor=SYSTEM, key=new_id(), legal_entity_id=entity)
