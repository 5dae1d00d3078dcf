"""T-WIRE: the connection is cut, above all right after COMMIT; the same key then has one effect, and what is there never failed."""

from __future__ import annotations

from campaign.report import Report, Size, measured
from campaign.wire import client, disturbing, file, server
from kassa.testing.databases import Databases, Kind


def campaign(databases: Databases, kind: Kind, size: Size) -> Report:
    """Cut between the client and the application, and between the application and its server; on SQLite, COMMIT fails instead."""
    with measured("wire", kind, size) as report:
        if size.wants("client"):
            client.cut(databases, kind, size, report)
        if size.wants("server") or disturbing.named(size):
            (server.cut if kind == "postgresql" else file.cut)(databases, kind, size, report)
    return report
