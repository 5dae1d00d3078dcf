"""`kassa jobs`: long work in chunks; look at it, run it here, stop it, let it go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kassa.cli.commands import Group, json_option, pass_session
from kassa.cli.output import print_json, print_table, say
from kassa.cli.problems import REFUSED
from kassa.cli.summaries import print_summary
from kassa.cli.working import run_job

if TYPE_CHECKING:
    from kassa.cli.session import Session

STATES = ("waiting", "running", "done", "failed", "stopped")


@click.group("jobs", cls=Group)
def jobs() -> None:
    """List jobs, show one, run, stop or resume it; `kassa worker` works on all of them.

    \b
    Example:  kassa jobs list --state failed
    """


@jobs.command("list")
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@click.option("--kind", help="Only those of this kind, such as sales.import.")
@click.option("--limit", type=click.IntRange(1, 500), default=50, show_default=True, help="How many at most.")
@json_option
@pass_session
def list_jobs(session: Session, as_json: bool, **asked: Any) -> None:
    """List jobs, the newest first.

    \b
    Example:  kassa jobs list --state waiting
    """
    found = session.answer("jobs.list", {name: value for name, value in asked.items() if value is not None})["items"]
    if as_json:
        print_json(found)
        return
    columns = ("id", "kind", "state", ("done", "right"), ("of", "right"), "started", "by")
    rows = [(job["id"], job["kind"], _state(job), job["done"], job["total"], job["created_at"], job["started_by"]) for job in found]
    print_table(columns, rows, empty="There are no such jobs.")


def _state(job: dict[str, Any]) -> str:
    return f"{job['state']}, stopping" if job["stop_requested"] else str(job["state"])


@jobs.command("show")
@click.argument("job")
@json_option
@pass_session
def show_job(session: Session, job: str, as_json: bool) -> None:
    """Show how far a job is, what it counted, and what went wrong.

    \b
    Example:  kassa jobs show 0190a1b2-…
    """
    view = session.answer("jobs.read", {"job": job})
    if as_json:
        print_json(view)
        return
    facts = {
        "id": view["id"], "kind": view["kind"], "state": _state(view), "done": f"{view['done']} of {view['total'] or 'not known yet'}",
        "started by": view["started_by"], "created": view["created_at"], "begun": view["started_at"], "ended": view["finished_at"],
        "error": view["error"], "results": ", ".join(f"{count} {outcome}" for outcome, count in view["results"].items()),
    }  # fmt: skip
    for label, text in facts.items():
        if text:
            say(f"{label + ':':<12} {text}")
    print_summary(view["summary"] or {}, view["errors"])


@jobs.command("run")
@click.argument("job")
@pass_session
def run(session: Session, job: str) -> None:
    """Work on one waiting job in this process until it ends.

    \b
    Example:  kassa jobs run 0190a1b2-…
    """
    _ended(run_job(session, job, "items", "Working"))


def _ended(job: Any) -> None:
    say(f"The job {job.id} is {job.state}: {job.done} done." + (f" {job.error}" if job.error else ""))
    if job.state != "done":
        click.get_current_context().exit(REFUSED)


@jobs.command("stop")
@click.argument("job")
@pass_session
def stop(session: Session, job: str) -> None:
    """Stop a job after the chunk at hand; nothing is lost.

    \b
    Example:  kassa jobs stop 0190a1b2-…
    """
    found = session.answer("jobs.stop", {"job": job})
    say(f"The job {job} is {found['state']}" + (" and stops after the chunk at hand." if found["stop_requested"] else "."))


@jobs.command("resume")
@click.argument("job")
@pass_session
def resume(session: Session, job: str) -> None:
    """Let a stopped or failed job go on where it was; a server or `kassa worker` works on it.

    \b
    Example:  kassa jobs resume 0190a1b2-…
    """
    found = session.answer("jobs.resume", {"job": job})
    say(f"The job {job} is {found['state']}.")
