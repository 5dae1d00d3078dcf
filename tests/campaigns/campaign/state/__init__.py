"""T-STATE: a seeded walk beside a reference model that shares no code with Kassa; after each step both must agree.

The walk goes in episodes, each on a database of its own. After every step the balances of the model are compared with the tables by
SQL, and all invariants of `kassa verify` are looked at.
"""

from __future__ import annotations

from campaign.installation import install, remove
from campaign.report import Report, Size, measured
from campaign.state.walk import Divergence, Walk
from kassa.testing.databases import Databases, Kind

EPISODE = 200


def campaign(databases: Databases, kind: Kind, size: Size) -> Report:
    """Walk so many steps."""
    with measured("state", kind, size) as report:
        episode = 0
        while report.steps < size.steps:
            installation = install(databases, kind)
            walk = Walk(installation, f"{size.seed}-{episode}", size)
            try:
                for _ in range(min(EPISODE, size.steps - report.steps)):
                    report.steps += 1
                    walk.step()
            except Divergence as found:
                report.find(f"{found}; the last acts were {walk.last()}", f"episode {episode}, step {walk.steps}")
            for name, times in walk.taken.items():
                report.figures[name] = report.figures.get(name, 0) + times
            report.acts += walk.acts
            remove(databases, installation)
            episode += 1
    return report
