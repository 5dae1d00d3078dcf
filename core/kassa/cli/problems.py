"""Errors in words: what happened, each finding with the place it points at, what to do; and the exit status that fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kassa.cli.configuration import ConfigurationError

if TYPE_CHECKING:
    from kassa.cli.session import Session
    from kassa.kernel.errors import KassaError

DONE, REFUSED, USAGE, CANNOT_START, UNAVAILABLE, INTERRUPTED = 0, 1, 2, 3, 4, 130


def show(error: Exception, session: Session | None = None, *, as_json: bool = False) -> int | None:
    """Show an error of Kassa and give the exit status; None for any other exception, which is a fault and keeps its stack."""
    from kassa.cli.output import note
    from kassa.kernel.errors import KassaError, StartupError

    if isinstance(error, ConfigurationError):
        note(f"Cannot start: {error}")
        return CANNOT_START
    if not isinstance(error, KassaError):
        return None
    if as_json:
        from kassa.cli.output import print_json

        print_json(error.as_problem(_codes(session)))
    elif isinstance(error, StartupError):
        note(f"Cannot start: {error.detail}")
    else:
        _explain(error, session)
    return status_of(error)


def status_of(error: KassaError) -> int:
    """The exit status of an error."""
    from kassa.kernel.errors import OutcomeUnknown, StartupError, Unavailable

    if isinstance(error, StartupError):
        return CANNOT_START
    return UNAVAILABLE if isinstance(error, Unavailable | OutcomeUnknown) else REFUSED


def _explain(error: KassaError, session: Session | None) -> None:
    import click

    from kassa.cli.output import note
    from kassa.kernel.errors import KassaError, OverrideRequired, PluginError

    codes = _codes(session)
    title = codes.title(error.code, error.title) if codes else error.title
    note(f"{click.style(title, bold=True)} ({error.code})")
    if not error.issues or error.detail != " ".join(issue.message for issue in error.issues):
        note(error.detail)
    if isinstance(error, PluginError) and error.__cause__ is not None and not isinstance(error.__cause__, KassaError):
        note(f"Raised at {_place(error.__cause__)}.")
    show_issues([issue.as_dict() for issue in error.issues], session)
    if isinstance(error, OverrideRequired) and error.approval.get("token"):
        note(f"Asked for an approval: {error.approval['token']}. When it is granted, repeat this with --approval and that token.")
    advice = _advice(error, codes) if not error.issues else None
    if advice:
        note(f"What to do: {advice}")


def show_issues(issues: list[dict[str, Any]], session: Session | None) -> None:
    """Show findings as a table on standard error: where, what, by which rule, what to do."""
    from kassa.cli.output import show as print_renderable
    from kassa.cli.output import table

    if not issues:
        return
    codes = _codes(session)
    rows = []
    for issue in issues:
        known = codes.get(issue["code"]) if codes else None
        action = issue["action"] or (known.action if known else "")
        source = " ".join(filter(None, (issue["code"], f"by {issue['rule']}" if issue["rule"] else "")))
        rows.append((issue["pointer"] or "/", issue["message"], source, action if action not in issue["message"] else ""))
    print_renderable(table(("where", "what", "code", "what to do"), rows), stderr=True)


def _codes(session: Session | None) -> Any:
    from kassa.kernel.errors import ErrorCode, ErrorCodes, KassaError

    if session is None:
        return None
    codes = ErrorCodes()
    try:
        declared = session.registry.owned(ErrorCode)
    except KassaError:
        return codes
    for code, owner in declared:
        codes.declare(owner.name, (code,))
    return codes


def _advice(error: KassaError, codes: Any) -> str | None:
    known = codes.get(error.code) if codes else None
    action: str | None = known.action if known else None
    return action if action and action not in error.detail else None


def _place(cause: BaseException) -> str:
    """Where an exception was raised, for the author of a plugin."""
    import traceback

    frames = traceback.extract_tb(cause.__traceback__)
    last = frames[-1] if frames else None
    words = f"{type(cause).__name__}: {cause}"
    return f"{last.filename}:{last.lineno} ({words})" if last else words
