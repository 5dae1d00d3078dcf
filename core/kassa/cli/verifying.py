"""`kassa verify`: does everything hold that must hold in any database; names each row that does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import click

from kassa.cli.commands import Command, json_option, pass_session
from kassa.cli.output import print_json, print_table, say, steps
from kassa.cli.problems import REFUSED

if TYPE_CHECKING:
    from kassa.cli.session import Session


@click.command("verify", cls=Command)
@click.option("--list", "listed", is_flag=True, help="List what is verified, and verify nothing.")
@json_option
@pass_session
def verify(session: Session, listed: bool, as_json: bool) -> None:
    """Verify the books, the stock and everything else that must hold.

    Reads the whole database on one snapshot, while others go on working. Prints each row that breaks something and what is
    wrong with it; the exit status is 1 then, and 0 where all is well.

    \b
    Examples:  kassa verify
               kassa verify --json
    """
    if listed:
        _list(session, as_json)
        return
    from kassa.kernel.contributions import Invariant
    from kassa.kernel.invariants import verify as run

    engine = session.open()
    with steps("Verifying") as progress:
        findings = run(engine, progress)
    names = [invariant.name for invariant in engine.registry.all(Invariant)]
    if as_json:
        print_json({"verified": names, "findings": [attrs.asdict(finding) for finding in findings]})
    elif findings:
        print_table(("what must hold", "row", "what is wrong"), [(finding.invariant, finding.row, finding.what) for finding in findings])
        say(f"{len(findings)} findings. Nothing was changed.")
    else:
        say(f"All is well: {len(names)} invariants hold.")
    if findings:
        click.get_current_context().exit(REFUSED)


def _list(session: Session, as_json: bool) -> None:
    from kassa.kernel.contributions import Invariant

    invariants = session.registry.all(Invariant)
    if as_json:
        print_json([{"name": invariant.name, "summary": invariant.summary} for invariant in invariants])
    else:
        print_table(("name", "what must hold"), [(invariant.name, invariant.summary) for invariant in invariants])
