"""T-AUTHZ: every operation, every role, every scope; who may do what is what is declared, and what is foreign is not there."""

from __future__ import annotations

import random

from campaign.authz import foreign, matrix
from campaign.authz.town import Town
from campaign.report import Report, Size, measured
from kassa.testing.databases import Databases, Kind

FULL = 20


def campaign(databases: Databases, kind: Kind, size: Size) -> Report:
    """The whole matrix where the campaign has its full size, else a part of it."""
    with measured("authz", kind, size) as report:
        town = Town(databases, kind)
        try:
            part = None if size.rounds >= FULL else random.Random(size.seed)
            if size.wants("matrix"):
                matrix.walk(town, report, part)
            if size.wants("foreign"):
                foreign.look(town, report, part)
        finally:
            town.close()
    return report
