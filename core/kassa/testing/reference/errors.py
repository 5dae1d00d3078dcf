"""The pages of error codes: what each means and what its reader does."""

from __future__ import annotations

from kassa.kernel.errors import ErrorCode
from kassa.testing.reference.described import Described
from kassa.testing.reference.markdown import anchor, code, page, prose, table

INTRODUCTION = """\
Every refusal carries a stable code: in the problem document (`code`, and at the end of `type`), and in each of its issues. A code
never changes its meaning; words may. A running host tells the same under the address of `type`, such as
`GET /problems/INV_PERIOD_CLOSED`.

The status is that of an answer whose leading code it is; codes that stand on issues alone come with the status of the answer that
carries them."""


def errors_pages(described: Described) -> dict[str, str]:
    """One page an owner, and the index of all codes."""
    found = list(described.codes())
    pages = {f"errors/{owner}.md": _owner_page(owner, codes) for owner, codes in found}
    pages["errors/index.md"] = _index(found)
    return pages


def _owner_page(owner: str, codes: list[ErrorCode]) -> str:
    return page(f"Error codes of {owner}", [error_section(declared) for declared in codes])


def error_section(declared: ErrorCode) -> str:
    """What the documentation says of one code."""
    return (
        f"## `{declared.code}`\n\n**{prose(declared.title)}.** Status {declared.status}.\n\n{prose(declared.meaning)}\n\n"
        f"*What to do:* {prose(declared.action)}"
    )


def _index(found: list[tuple[str, list[ErrorCode]]]) -> str:
    rows = sorted(
        (f"[`{declared.code}`]({owner}.md#{anchor(declared.code)})", str(declared.status), prose(declared.title), code(owner))
        for owner, codes in found
        for declared in codes
    )
    pages = "\n".join(owner for owner, _ in found)
    tree = f"```{{toctree}}\n:maxdepth: 1\n:hidden:\n\n{pages}\n```"
    return page("Error codes", [INTRODUCTION, table(("code", "status", "title", "of"), rows), tree])
