"""`kassa schedules`: what is done again and again, when, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kassa.cli.commands import Group, json_option, pass_session
from kassa.cli.output import print_json, print_table, say

if TYPE_CHECKING:
    from kassa.cli.session import Session


@click.group("schedules", cls=Group)
def schedules() -> None:
    """List schedules, change their times, pause, resume or run one.

    \b
    Example:  kassa schedules set cleaning.nightly --cron "30 4 * * *" --zone Europe/Amsterdam
    """


@schedules.command("list")
@json_option
@pass_session
def list_schedules(session: Session, as_json: bool) -> None:
    """List schedules with their times and what came of them the last time.

    \b
    Example:  kassa schedules list
    """
    found = session.items("schedules.list")
    if as_json:
        print_json(found)
        return
    rows = [(item["name"], _times(item), item["state"], item["next_at"], item["last_run_at"], item["last_outcome"], item["last_detail"]) for item in found]
    print_table(("schedule", "when", "state", "next", "last", "was", "because"), rows)


def _times(item: dict[str, Any]) -> str:
    return f"{item['cron']} ({item['zone']})" if item["cron"] else f"every {item['every_seconds']} s"


@schedules.command("set")
@click.argument("schedule")
@click.option("--cron", help="Minute, hour, day, month, weekday.")
@click.option("--every", type=int, metavar="SECONDS", help="An interval instead.")
@click.option("--zone", help="The time zone of the expression, such as Europe/Amsterdam.")
@click.option("--shipped", is_flag=True, help="Bring the times back with which it was shipped.")
@pass_session
def change(session: Session, schedule: str, cron: str | None, every: int | None, zone: str | None, shipped: bool) -> None:
    """Change the times of a schedule.

    \b
    Examples:  kassa schedules set cleaning.nightly --cron "30 4 * * *"
               kassa schedules set stock.tend_reservations --every 300
    """
    if not (cron or every or zone or shipped):
        raise click.UsageError("Give --cron, --every, --zone or --shipped.")
    asked = {"schedule": schedule, "cron": cron, "every_seconds": every, "zone": zone, "shipped": shipped}
    _told(session.answer("schedules.change", asked))


def _told(item: dict[str, Any]) -> None:
    following = f"next at {item['next_at']}" if item["next_at"] else "not run"
    say(f"{item['name']} is {item['state']}: {_times(item)}, {following}.")


@schedules.command("pause")
@click.argument("schedule")
@pass_session
def pause(session: Session, schedule: str) -> None:
    """Pause a schedule; times at which it is paused are not made up for.

    \b
    Example:  kassa schedules pause cleaning.nightly
    """
    _told(session.answer("schedules.pause", {"schedule": schedule}))


@schedules.command("resume")
@click.argument("schedule")
@pass_session
def resume(session: Session, schedule: str) -> None:
    """Let a paused schedule go on.

    \b
    Example:  kassa schedules resume cleaning.nightly
    """
    _told(session.answer("schedules.resume", {"schedule": schedule}))


@schedules.command("run")
@click.argument("schedule")
@pass_session
def run(session: Session, schedule: str) -> None:
    """Let a schedule be due at once; a server or `kassa worker` runs it.

    \b
    Example:  kassa schedules run cleaning.nightly
    """
    _told(session.answer("schedules.run", {"schedule": schedule}))
