"""`kassa import`: loads documents of another system from a file, as a job that goes on where it was after a kill.

What can be imported are the kinds of jobs of origin `import` that are named `<owner>.import` and whose request has the fields of
`sales.import`; `kassa import <owner>` runs one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from kassa.cli.commands import Command, Group, json_option, pass_session, session_of
from kassa.cli.output import note, print_json, say
from kassa.cli.problems import REFUSED
from kassa.cli.summaries import print_summary
from kassa.cli.working import ENDED, per_second, run_job

if TYPE_CHECKING:
    from kassa.cli.session import Session
    from kassa.kernel.contributions import JobKind
    from kassa.kernel.jobs import Job
    from kassa.sales.importing.mapping import SalesMapping

END = ".import"
HELP = """{summary}.

Each line is posted, or rejected with a reason: rejected lines go to a file that can be repaired and imported in its turn. Killed or
interrupted, the same command goes on where it was, without loss and without doubles. Documents that are in already are passed over.
The exit status is 1 where a line was rejected.

\b
Example:  kassa import {name} sales.csv.gz --mapping mapping.toml
"""


@attrs.frozen(kw_only=True)
class Imported:
    """What became of an import: its job as it ended, how many documents had which outcome, and the first problems.

    `before` are the lines that an earlier run of the same job had done.
    """

    job: Job
    before: int
    outcomes: dict[str, int]
    problems: list[dict[str, Any]]
    rejects: Path | None

    @property
    def complete(self) -> bool:
        """Whether everything was posted."""
        left_out = sum(count for outcome, count in self.outcomes.items() if outcome != "done")
        rejected = ((self.job.summary or {}).get("read") or {}).get("reasons")
        return self.job.state == "done" and not left_out and not rejected


class Imports(Group):
    """A command for each kind of import that a room or plugin contributes."""

    def list_commands(self, context: click.Context) -> list[str]:
        """The owners of imports."""
        return sorted(_kinds(session_of(context)))

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command that runs the import of an owner."""
        kind = _kinds(session_of(context)).get(name)
        return _command(name, kind) if kind is not None else None

    def resolve_command(self, context: click.Context, arguments: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the first argument names; NoSuchCommand suggests another name."""
        try:
            return super().resolve_command(context, arguments)
        except click.NoSuchCommand:
            raise click.NoSuchCommand(arguments[0], possibilities=self.list_commands(context), ctx=context) from None


def _kinds(session: Session) -> dict[str, JobKind]:
    from kassa.kernel.contributions import JobKind

    kinds = session.registry.all(JobKind)
    return {kind.name.removesuffix(END): kind for kind in kinds if kind.origin == "import" and kind.name.endswith(END)}


@click.command("import", cls=Imports)
def import_() -> None:
    """Load documents of another system from a file.

    \b
    Example:  kassa import sales sales.csv.gz --mapping mapping.toml
    """


def _command(name: str, kind: JobKind) -> click.Command:
    readable = click.Path(exists=True, dir_okay=False, path_type=Path)

    @click.command(name, cls=Command, help=HELP.format(summary=kind.summary, name=name))
    @click.argument("file", type=readable)
    @click.option("--mapping", required=True, type=readable, help="What the columns of the file mean (TOML).")
    @click.option("--rejects", type=click.Path(path_type=Path), help="The file for rejected lines.  [default: rejected_FILE]")
    @click.option(
        "--create/--no-create", default=True, show_default=True, help="Make products, customers and opening stock that are missing."
    )
    @json_option
    @pass_session
    def run(session: Session, file: Path, mapping: Path, rejects: Path | None, create: bool, as_json: bool) -> None:
        begun = session.open().clock.monotonic()
        imported = import_file(
            session, kind.name, file, mapping, rejects or Path(f"rejected_{file.name.removesuffix('.gz')}"), create=create
        )
        _tell(session, imported, session.open().clock.monotonic() - begun, as_json)
        if not imported.complete:
            click.get_current_context().exit(REFUSED)

    return run


def import_file(
    session: Session, kind: str, file: Path, mapping: Path, rejects: Path | None, *, create: bool = True, label: str = "Importing"
) -> Imported:
    """Run the import of a file to its end: begun anew, or gone on with where an earlier one of the same file has not ended.

    Raises what reading the mapping or starting the job raises; UsageError where the rejects would go over what is read.
    """
    from kassa.sales.importing.mapping_file import read_mapping
    from kassa.sales.importing.reader import file_fingerprint

    if rejects is not None and rejects.resolve() in (file.resolve(), mapping.resolve()):
        raise click.UsageError(f"--rejects {rejects} is what is read; name another file for the rejected lines.")
    found = read_mapping(mapping)
    entity_id = _entity(session, found, mapping)
    request = {
        "file": str(file.resolve()),
        "mapping": str(mapping.resolve()),
        "rejects": str(rejects.resolve()) if rejects is not None else None,
        "create": create,
        "file_fingerprint": file_fingerprint(file),
        "mapping_fingerprint": found.fingerprint,
    }
    job_id = _unfinished(session, kind, request, entity_id) or _start(session, kind, request, entity_id)
    before = session.answer("jobs.read", {"job": job_id})["done"]
    job = run_job(session, job_id, "lines", label)
    detail = session.answer("jobs.read", {"job": job_id})
    reasons = ((job.summary or {}).get("read") or {}).get("reasons")
    left_out = reasons or detail["errors"]
    if rejects is not None and job.state == "done" and not left_out and rejects.is_file():
        # It holds the heading alone.
        rejects.unlink()
        rejects = None
    return Imported(job=job, before=before, outcomes=detail["results"], problems=detail["errors"], rejects=rejects if left_out else None)


def _entity(session: Session, found: SalesMapping, mapping: Path) -> str | None:
    """The id of the legal entity that a mapping names; NotFound says how to make it, or its store."""
    from kassa.kernel.errors import NotFound

    try:
        entity_id = session.legal_entity_id(found.legal_entity)
        session.answer("org.read_store", {"store": found.store}, legal_entity=found.legal_entity)
    except NotFound as error:
        make = f"kassa init --legal-entity {found.legal_entity} --currency {found.currency} --store {found.store} --first-year YEAR"
        raise NotFound(error.what, error.key, f"{error.detail} The mapping {mapping} names it; make it: {make}") from error
    return entity_id


def _imports(session: Session, kind: str, request: dict[str, Any], entity_id: str | None) -> Iterator[Job]:
    """The imports in a legal entity that were asked for alike, the newest first."""
    from kassa.kernel.jobs import read_job

    engine = session.open()
    for listed in session.items("jobs.list", {"kind": kind}):
        with engine.database.snapshot() as read:
            job = read_job(read, listed["id"])
        if job is not None and job.legal_entity_id == entity_id and all(job.request.get(name) == value for name, value in request.items()):
            yield job


def _unfinished(session: Session, kind: str, request: dict[str, Any], entity_id: str | None) -> str | None:
    """The id of an import of the same file with the same mapping that has not ended, ready to go on."""
    for job in _imports(session, kind, request, entity_id):
        if job.state == "done":
            continue
        note(f"Going on with the import {job.id}, of which {job.done:,} lines are done.")
        if job.state in ENDED:
            session.answer("jobs.resume", {"job": job.id})
        return job.id
    return None


def finished_import(session: Session, kind: str, file: Path, mapping: Path) -> Job | None:
    """The newest import of a file with a mapping that was done to its end, wherever the two lay then."""
    from kassa.sales.importing.mapping_file import read_mapping
    from kassa.sales.importing.reader import file_fingerprint

    found = read_mapping(mapping)
    prints = {"file_fingerprint": file_fingerprint(file), "mapping_fingerprint": found.fingerprint}
    done = (job for job in _imports(session, kind, prints, session.legal_entity_id(found.legal_entity)) if job.state == "done")
    return next(done, None)


def _start(session: Session, kind: str, request: dict[str, Any], entity_id: str | None) -> str:
    from kassa.kernel.contributions import JobKind, Operation
    from kassa.kernel.jobs import JobView, start
    from kassa.kernel.operations import Result

    engine = session.open()
    chosen = engine.registry.get(JobKind, kind)

    def handler(command: Any, context: Any) -> Result:
        view = start(context, kind, command)
        return Result(view=lambda numbers: view)

    operation = Operation(
        name="jobs.start", summary=chosen.summary, effect="edit", request=chosen.request, response=JobView, permission=chosen.permission, handler=handler,
    )  # fmt: skip
    return str(engine.perform(operation, request, actor=session.actor, legal_entity_id=entity_id).body["id"])


def _tell(session: Session, imported: Imported, microseconds: int, as_json: bool) -> None:
    job = imported.job
    if as_json:
        rejects = str(imported.rejects) if imported.rejects is not None else None
        shown = {"job": job.id, "state": job.state, "lines": job.done, "error": job.error, "rejects": rejects}
        print_json({**shown, "summary": job.summary, "outcomes": imported.outcomes, "problems": imported.problems})
        return
    print_summary(job.summary or {}, imported.problems)
    done = job.done - imported.before
    earlier = f", {imported.before:,} earlier" if imported.before else ""
    say(
        f"{done:,} lines in {microseconds // 1_000_000:,} seconds, {per_second(done, microseconds):,} a second{earlier}; "
        f"job {job.id} is {job.state}."
    )
    if imported.rejects is not None:
        say(f"Rejected lines, with what to do about each: {imported.rejects}")
    if job.error:
        note(f"It stopped: {job.error}")
