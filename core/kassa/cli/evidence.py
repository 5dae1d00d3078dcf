"""`kassa evidence`: the whole story of a document as a file, the check of such a file, and an anchor of the hash chains."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kassa.cli.commands import Command, json_option, pass_session
from kassa.cli.output import note, print_json, print_table, say
from kassa.cli.problems import REFUSED

if TYPE_CHECKING:
    from kassa.cli.session import Session

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("evidence", cls=Command)
@click.argument("number", required=False)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it to this file instead of standard output.")
@click.option("--check", type=FILE, metavar="FILE", help="Check such a file; needs no database.")
@click.option("--here", is_flag=True, help="With --check: compare its links with the chains of the database too.")
@click.option("--anchor", is_flag=True, help="Write the newest link of each chain, to be kept elsewhere.")
@click.option("--legal-entity", metavar="CODE", help="Of this legal entity.")
@json_option
@pass_session
def evidence(
    session: Session, number: str | None, output: Path | None, check: Path | None, here: bool, anchor: bool, legal_entity: str | None, as_json: bool
) -> None:
    """Write the whole story of a document as one JSON file, or check such a file.

    The file holds all documents that belong together with their rows, postings and stock movements, approvals, audit trail and
    events, and the links of the hash chains that prove them. The check makes every digest and link again; its exit status is 1
    where something does not hold.

    \b
    Examples:  kassa evidence INV-S001-000042 --output story.json
               kassa evidence --check story.json
               kassa evidence --check story.json --here
               kassa evidence --anchor --output heads.json
    """
    if sum((number is not None, check is not None, anchor)) != 1 or (here and check is None):
        raise click.UsageError("Give a number, --check FILE or --anchor.")
    if check is not None:
        _check(session, check, here, as_json)
    elif anchor:
        _write(session.answer("evidence.anchor", {}), output)
    else:
        _write(session.answer("evidence.story", {"document": number}, legal_entity=legal_entity), output)


def _write(found: Any, output: Path | None) -> None:
    if output is None:
        print_json(found)
        return
    output.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    note(f"Written: {output}")


def _check(session: Session, file: Path, here: bool, as_json: bool) -> None:
    from kassa.kernel.evidence.checking import check, compare, read_file

    story = read_file(file.read_text(encoding="utf-8"))
    findings = check(story)
    if here:
        with session.open().database.snapshot() as read:
            findings += compare(read, story)
    if as_json:
        print_json({"documents": len(story["documents"]), "links": len(story["chain"]), "findings": findings})
    elif findings:
        print_table(("where", "what does not hold"), [finding.partition(": ")[::2] for finding in findings])
    else:
        proved = sum(document["chained"] is not None for document in story["documents"])
        say(f"All holds: {len(story['documents'])} documents, {proved} of them proved by {len(story['chain'])} links.")
    if findings:
        click.get_current_context().exit(REFUSED)
