"""`kassa credential`: PINs and passwords of workers, locks, and who is signed in."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from kassa.cli.commands import Group, json_option, pass_session
from kassa.cli.output import note, print_json, print_table, say

if TYPE_CHECKING:
    from kassa.cli.session import Session

KINDS = {"pin": "PIN", "password": "password"}


@click.group("credential", cls=Group)
def credential() -> None:
    """Set the PINs and passwords of workers, unlock workers and tills, see who is signed in and sign them out.

    \b
    Example:  kassa credential set 1042
    """


@credential.command("set")
@click.argument("worker")
@click.option("--password", "kind", flag_value="password", help="A password; without this it is a PIN.")
@click.option("--permanent", is_flag=True, help="The worker need not replace it at the next sign-in.")
@click.option("--stdin", is_flag=True, help="Read it from standard input, instead of asking for it.")
@pass_session
def set_(session: Session, worker: str, kind: str | None, permanent: bool, stdin: bool) -> None:
    """Set the PIN or password of a worker, by number; all sessions of that worker end.

    It is asked for twice and never shown. Whoever gave it knows it, so the worker has to replace it at the next sign-in.

    \b
    Examples:  kassa credential set 1042
               kassa credential set 1042 --password --permanent
               echo 582047 | kassa credential set 1042 --stdin
    """
    chosen = kind or "pin"
    words = KINDS[chosen]
    secret = sys.stdin.readline().rstrip("\r\n") if stdin else click.prompt(f"New {words}", hide_input=True, confirmation_prompt=True)
    found = session.answer("org.set_credential", {"worker": worker, "kind": chosen, "secret": secret, "temporary": not permanent})
    say(f"The worker {found['number']} has a new {words}.")
    if not permanent:
        note("It has to be replaced at the next sign-in.")


@credential.command("show")
@click.argument("worker")
@json_option
@pass_session
def show(session: Session, worker: str, as_json: bool) -> None:
    """Show by what a worker can sign in, and whether it is locked.

    \b
    Example:  kassa credential show 1042
    """
    found = session.answer("org.read_credentials", {"worker": worker})
    if as_json:
        print_json(found)
        return
    rows = [(KINDS[item["kind"]], "yes" if item["temporary"] else "no", item["set_at"], item["set_by"]) for item in found["credentials"]]
    print_table(("what", "to be replaced", "since", "by"), rows, empty=f"The worker {found['number']} has neither PIN nor password.")
    locked = f"; none is looked at until {found['locked_until']}" if found["locked_until"] else ""
    say(f"Wrong tries since the last right one: {found['failures']}{locked}.")


@credential.command("remove")
@click.argument("worker")
@click.option("--password", "kind", flag_value="password", help="The password; without this it is the PIN.")
@pass_session
def remove(session: Session, worker: str, kind: str | None) -> None:
    """Take the PIN or password of a worker away, at once; all sessions of that worker end.

    \b
    Example:  kassa credential remove 1042
    """
    chosen = kind or "pin"
    found = session.answer("org.remove_credential", {"worker": worker, "kind": chosen})
    say(f"The worker {found['number']} has no {KINDS[chosen]} any more.")


@credential.command("unlock")
@click.argument("worker", required=False)
@click.option("--till", "key", metavar="KEY", help="The till or app whose key has this id, instead of a worker.")
@pass_session
def unlock(session: Session, worker: str | None, key: str | None) -> None:
    """Let tries of a worker, or at a till, be looked at again.

    \b
    Examples:  kassa credential unlock 1042
               kassa credential unlock --till 0190a1b2-…
    """
    if (worker is None) is (key is None):
        raise click.UsageError("Name either a worker or a till.")
    asked: tuple[str, dict[str, Any]] = (
        ("org.unlock_worker", {"worker": worker}) if worker is not None else ("org.unlock_api_key", {"api_key": key})
    )
    found = session.answer(*asked)
    say(f"Unlocked; there were {found['failures']} wrong tries.")


@credential.command("sessions")
@click.option("--worker", metavar="NUMBER", help="Only those of this worker.")
@click.option("--ended", is_flag=True, help="Also those that have ended.")
@json_option
@pass_session
def sessions(session: Session, as_json: bool, **asked: Any) -> None:
    """List who is signed in.

    \b
    Example:  kassa credential sessions --worker 1042
    """
    found = session.items("org.list_sessions", {name: value for name, value in asked.items() if value is not None})
    if as_json:
        print_json(found)
        return
    numbers = {worker["id"]: f"{worker['number']} {worker['name']}" for worker in session.items("org.list_workers")} if found else {}
    rows = [
        (item["id"], numbers.get(item["worker_id"], item["worker_id"]), item["register"], item["method"], item["expires_at"], item["ended_at"])
        for item in found
    ]
    print_table(("id", "worker", "till", "by", "until", "ended"), rows, empty="Nobody is signed in.")


@credential.command("sign-out")
@click.argument("signed_in", metavar="SESSION")
@pass_session
def sign_out(session: Session, signed_in: str) -> None:
    """End a session by its id, at once.

    \b
    Example:  kassa credential sign-out 0190a1b2-…
    """
    found = session.answer("org.sign_out", {"session": signed_in})
    say(f"The session ended at {found['ended_at']}.")
