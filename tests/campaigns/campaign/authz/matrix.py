"""The matrix: operation by role by scope. What is declared is read from the published reference, not from the running system."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

from campaign.authz.asking import Asked
from campaign.authz.town import OTHER_ENTITY, OTHER_STORE, Town
from campaign.report import Report

DOCS = Path(__file__).resolve().parents[4] / "docs"
ROW = re.compile(r"^\| `(?P<operation>[a-z_.]+)` \| `(?P<method>[A-Z]+) (?P<path>/v1[^`]*)` \| (?P<effect>\w+) \| (?:`(?P<permission>[a-z_.]+)`)?", re.M)
EVERYTHING = "administrator"
STRANGERS = ("nobody", "unknown", "revoked", "expired")
ROLES_OF_A_PART = 1


def declared_operations(town: Town) -> list[dict[str, Any]]:
    """Every operation with its route and permission, as `docs/operations.md` says, without those of plugins that are blocked here."""
    _, *sections = re.split("^## ", (DOCS / "operations.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    here = town.installation.engine.registry.plugins
    return [found.groupdict() for section in sections if section.partition("\n")[0] in here for found in ROW.finditer(section)]


def declared_permissions() -> dict[str, set[str]]:
    """The roles that hold each permission, as `docs/permissions.md` says."""
    held: dict[str, set[str]] = {}
    columns: list[str] = []
    for line in (DOCS / "permissions.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[:2] == ["permission", "allows"]:
            columns = [cell.replace(" ", "_") for cell in cells[2:]]
        elif columns and cells[0].startswith("`"):
            held[cells[0].strip("`")] = {role for role, mark in zip(columns, cells[2:], strict=True) if mark == "yes"}
    return held


def walk(town: Town, report: Report, part: random.Random | None) -> None:
    """Ask for each operation as everybody, everywhere; nothing is written by anybody who may not."""
    permissions, asked, operations = declared_permissions(), town.requests(), declared_operations(town)
    mounted = {name for name in asked if not name.startswith("host.")}
    apart = mounted ^ {row["operation"] for row in operations}
    report.expect(not apart, f"the reference or the host alone knows {', '.join(sorted(apart))}")
    before = town.contents()
    for row in operations:
        for role in town.roles if part is None else part.sample(town.roles, ROLES_OF_A_PART):
            may = role == EVERYTHING or row["permission"] is None or role in permissions.get(row["permission"], set())
            _as_role(report, row, asked[row["operation"]], role, may)
        for stranger in STRANGERS if part is None else part.sample(STRANGERS, 1):
            answer = asked[row["operation"]].ask(stranger)
            report.acts += 1
            report.expect(answer.status_code == 401, f"answered {answer.status_code}", f"{row['operation']} as {stranger}")
    report.expect(not (changed := town.changed(before)), f"rows were written: {changed}", "matrix")
    report.figures |= {"operations": len(operations), "roles": len(town.roles), "permissions": len(permissions)}


def _as_role(report: Report, row: dict[str, Any], asked: Asked, role: str, may: bool) -> None:
    """In the own store; in another store and another legal entity, which are not there for this key."""
    where = f"{row['operation']} as {role}"
    # Who may is only shown what would happen, so that the next one finds the same things.
    answer = asked.ask(role, preview=may)
    said = answer.get_json() or {}
    refused = answer.status_code == 403 and said.get("permission") == row["permission"]
    report.acts += 3
    report.expect(answer.status_code < 500 and answer.status_code != 401, f"answered {answer.status_code} {said.get('code')}", where)
    if refused == may:
        report.find(f"declared {'allowed' if may else 'refused'}, answered {answer.status_code} {said.get('code')} {said.get('permission')}", where)
    for headers in ({"Kassa_Legal_Entity": OTHER_ENTITY}, {"Kassa_Store": OTHER_STORE, "Kassa_Legal_Entity": "NL01"}):
        answer = asked.ask(role, **headers)
        report.expect(answer.status_code == 404, f"answered {answer.status_code} {(answer.get_json() or {}).get('code')}", f"{where} with {headers}")
