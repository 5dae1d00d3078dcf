"""`kassa verify`: does everything hold that must hold in any database; names each row that does not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from kassa.cli.commands import Command, json_option, pass_session
from kassa.cli.output import print_json, print_table, say, steps
from kassa.cli.problems import REFUSED

if TYPE_CHECKING:
    from kassa.cli.session import Session
    from kassa.kernel.engine import Engine
    from kassa.kernel.invariants import Finding


@click.command("verify", cls=Command)
@click.option("--list", "listed", is_flag=True, help="List what is verified, and verify nothing.")
@click.option("--anchor", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Also compare the chains with this anchor.")
@json_option
@pass_session
def verify(session: Session, listed: bool, anchor: Path | None, as_json: bool) -> None:
    """Verify the books, the stock and everything else that must hold.

    Reads the whole database on one snapshot, while others go on working. Prints each row that breaks something and what is
    wrong with it; the exit status is 1 then, and 0 where all is well.

    \b
    Examples:  kassa verify
               kassa verify --json
               kassa verify --anchor heads.json
    """
    if listed:
        _list(session, as_json)
        return
    from kassa.kernel.contributions import Invariant
    from kassa.kernel.invariants import verify as run

    engine = session.open()
    names = [invariant.name for invariant in engine.registry.all(Invariant)]
    findings = _against(engine, anchor) if anchor is not None else []
    with steps("Verifying") as progress:
        findings += run(engine, progress)
    if as_json:
        print_json({"verified": names, "findings": [attrs.asdict(finding) for finding in findings]})
    elif findings:
        print_table(("what must hold", "row", "what is wrong"), [(finding.invariant, finding.row, finding.what) for finding in findings])
        say(f"{len(findings)} findings. Nothing was changed.")
    else:
        say(f"All is well: {len(names)} invariants hold.")
    if findings:
        click.get_current_context().exit(REFUSED)


def _against(engine: Engine, anchor: Path) -> list[Finding]:
    """Compare the chains with an anchor; UnreadableInput where the file is none."""
    from kassa.kernel.evidence.anchors import broken_anchor, read_file
    from kassa.kernel.invariants import Finding

    heads = read_file(anchor.read_text(encoding="utf-8"))
    with engine.database.snapshot() as read:
        texts = [text.partition(": ") for text in broken_anchor(read, heads)]
    return [Finding(invariant="anchor", row=row, what=what) for row, _, what in texts]


def _list(session: Session, as_json: bool) -> None:
    from kassa.kernel.contributions import Invariant

    invariants = session.registry.all(Invariant)
    if as_json:
        print_json([{"name": invariant.name, "summary": invariant.summary} for invariant in invariants])
    else:
        print_table(("name", "what must hold"), [(invariant.name, invariant.summary) for invariant in invariants])
