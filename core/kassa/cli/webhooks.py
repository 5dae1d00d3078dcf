"""`kassa webhooks`: addresses to which events are sent, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kassa.cli.commands import Group, json_option, pass_session
from kassa.cli.output import print_json, print_table, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from kassa.cli.session import Session


def _entity(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--legal-entity", metavar="CODE", help="Of this legal entity.")(function)


@click.group("webhooks", cls=Group)
def webhooks() -> None:
    """List webhooks, make, change, pause or end one, look at its deliveries, send events again.

    \b
    Example:  kassa webhooks create "Web shop" https://example.com/kassa --type "sales.*"
    """


@webhooks.command("list")
@_entity
@json_option
@pass_session
def list_webhooks(session: Session, legal_entity: str | None, as_json: bool) -> None:
    """List webhooks, the newest first.

    \b
    Example:  kassa webhooks list
    """
    found = session.items("webhooks.list", legal_entity=legal_entity)
    if as_json:
        print_json(found)
        return
    columns = ("id", "name", "url", "types", "state", ("waiting", "right"), ("failures", "right"), "because")
    rows = [
        (item["id"], item["name"], item["url"], " ".join(item["types"]), item["state"], item["waiting"], item["failures"], item["reason"])
        for item in found
    ]
    print_table(columns, rows, empty="There are no webhooks.")


@webhooks.command("create")
@click.argument("name")
@click.argument("url")
@click.option("--type", "types", multiple=True, required=True, metavar="TYPE", help="A type, a group such as sales.*, or *; may be repeated.")
@click.option("--everywhere", is_flag=True, help="Of all legal entities, and of the installation itself.")
@_entity
@json_option
@pass_session
def create(session: Session, legal_entity: str | None, types: tuple[str, ...], as_json: bool, **asked: Any) -> None:
    """Let events be sent to an address from now on; prints the secret, this once.

    \b
    Example:  kassa webhooks create "Web shop" https://example.com/kassa --type "sales.*"
    """
    _secret(session.answer("webhooks.create", {**asked, "types": list(types)}, legal_entity=legal_entity), as_json)


def _secret(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    say(f"The webhook {found['id']} sends to {found['webhook']['url']}.")
    say(f"Its secret, which is not shown again: {found['secret']}")


@webhooks.command("change")
@click.argument("webhook")
@click.option("--name", help="What it is for.")
@click.option("--url", help="Where it leads.")
@click.option("--type", "types", multiple=True, metavar="TYPE", help="The types from now on; may be repeated.")
@_entity
@pass_session
def change(session: Session, webhook: str, legal_entity: str | None, types: tuple[str, ...], **asked: Any) -> None:
    """Change a webhook; what is left out stays.

    \b
    Example:  kassa webhooks change 0190a1b2-… --url https://example.com/new
    """
    command = {"webhook": webhook, **asked, **({"types": list(types)} if types else {})}
    _told(session.answer("webhooks.change", {name: value for name, value in command.items() if value is not None}, legal_entity=legal_entity))


def _told(item: dict[str, Any]) -> None:
    say(f"The webhook {item['id']} is {item['state']}: {' '.join(item['types'])} to {item['url']}; {item['waiting']} deliveries wait.")


@webhooks.command("pause")
@click.argument("webhook")
@_entity
@pass_session
def pause(session: Session, webhook: str, legal_entity: str | None) -> None:
    """Pause a webhook; what happens meanwhile waits for it.

    \b
    Example:  kassa webhooks pause 0190a1b2-…
    """
    _told(session.answer("webhooks.pause", {"webhook": webhook}, legal_entity=legal_entity))


@webhooks.command("resume")
@click.argument("webhook")
@_entity
@pass_session
def resume(session: Session, webhook: str, legal_entity: str | None) -> None:
    """Let a paused or disabled webhook go on.

    \b
    Example:  kassa webhooks resume 0190a1b2-…
    """
    _told(session.answer("webhooks.resume", {"webhook": webhook}, legal_entity=legal_entity))


@webhooks.command("delete")
@click.argument("webhook")
@_entity
@pass_session
def delete(session: Session, webhook: str, legal_entity: str | None) -> None:
    """End a webhook; its log stays for its time.

    \b
    Example:  kassa webhooks delete 0190a1b2-…
    """
    session.answer("webhooks.delete", {"webhook": webhook}, legal_entity=legal_entity)
    say(f"The webhook {webhook} is ended.")


@webhooks.command("rotate")
@click.argument("webhook")
@click.option("--overlap", "overlap_hours", type=click.IntRange(0, 168), default=24, show_default=True, help="Hours for which the old secret signs too.")
@_entity
@json_option
@pass_session
def rotate(session: Session, webhook: str, overlap_hours: int, legal_entity: str | None, as_json: bool) -> None:
    """Give a webhook a new secret; prints it, this once.

    \b
    Example:  kassa webhooks rotate 0190a1b2-… --overlap 48
    """
    _secret(session.answer("webhooks.rotate_secret", {"webhook": webhook, "overlap_hours": overlap_hours}, legal_entity=legal_entity), as_json)


@webhooks.command("ping")
@click.argument("webhook")
@_entity
@pass_session
def ping(session: Session, webhook: str, legal_entity: str | None) -> None:
    """Send a webhook an event that it alone gets, to try it.

    \b
    Example:  kassa webhooks ping 0190a1b2-…
    """
    session.answer("webhooks.ping", {"webhook": webhook}, legal_entity=legal_entity)
    say("A server or `kassa worker` sends it; `kassa webhooks deliveries` tells what came of it.")


@webhooks.command("deliveries")
@click.argument("webhook")
@click.option("--state", type=click.Choice(("waiting", "delivered", "failed")), help="Only those in this state.")
@click.option("--delivery", help="Show the attempts of this one.")
@click.option("--limit", type=click.IntRange(1, 500), default=50, show_default=True, help="How many at most.")
@_entity
@json_option
@pass_session
def deliveries(
    session: Session, webhook: str, state: str | None, delivery: str | None, limit: int, legal_entity: str | None, as_json: bool
) -> None:
    """List the deliveries of a webhook, the newest first, or the attempts of one.

    \b
    Example:  kassa webhooks deliveries 0190a1b2-… --state failed
    """
    columns: tuple[Any, ...]
    rows: list[tuple[Any, ...]]
    if delivery is not None:
        found = session.answer("webhooks.delivery", {"webhook": webhook, "delivery": delivery}, legal_entity=legal_entity)
        columns = (("attempt", "right"), "at", ("ms", "right"), "outcome", ("status", "right"), "answer", "error")
        names = ("attempt", "at", "milliseconds", "outcome", "status", "answer", "error")
        rows = [tuple(attempt[name] for name in names) for attempt in found["attempts"]]
    else:
        asked = {"webhook": webhook, "limit": limit, **({"state": state} if state else {})}
        found = session.answer("webhooks.deliveries", asked, legal_entity=legal_entity)["items"]
        columns = ("delivery", "event", "type", "state", ("attempts", "right"), "next")
        rows = [(item["id"], item["event"], item["type"], item["state"], item["attempts"], item["next_attempt_at"]) for item in found]
    if as_json:
        print_json(found)
    else:
        print_table(columns, rows, empty="There are none.")


@webhooks.command("redeliver")
@click.argument("webhook")
@click.option("--event", help="This event, whether it arrived or not.")
@click.option("--since", metavar="INSTANT", help="All since then that did not arrive, such as 2026-11-21T00:00:00Z.")
@click.option("--delivered", is_flag=True, help="With --since: also those that arrived.")
@_entity
@pass_session
def redeliver(session: Session, webhook: str, event: str | None, since: str | None, delivered: bool, legal_entity: str | None) -> None:
    """Send events to a webhook again.

    \b
    Examples:  kassa webhooks redeliver 0190a1b2-… --event 0190a1b3-…
               kassa webhooks redeliver 0190a1b2-… --since 2026-11-21T00:00:00Z
    """
    if (event is None) == (since is None):
        raise click.UsageError("Give --event or --since.")
    asked = {"webhook": webhook, "event": event, "since": since, "delivered": delivered}
    found = session.answer("webhooks.redeliver", asked, legal_entity=legal_entity)
    say(f"{found['queued']} deliveries were queued." + (" There are more; repeat the command when these are delivered." if found["more"] else ""))
