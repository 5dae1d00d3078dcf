"""Which documents belong together: links that rooms and plugins declare, followed from one document in both directions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import attrs

from kassa.kernel.contributions import Link
from kassa.kernel.database import Reader
from kassa.kernel.models import DocumentRow
from kassa.kernel.tables import name_of

if TYPE_CHECKING:
    from kassa.kernel.registry import Registry

AT_MOST = 500
HUBS_AT_MOST = 2
CORRECTION = Link(name="kernel.corrects", summary="corrects", table=DocumentRow, document="id", other="corrects_id")
KINDS = "SELECT id, kind FROM kernel_document WHERE legal_entity_id = ? AND id IN {keys}"


@attrs.frozen
class Together:
    """Documents that belong together, the one that was asked for first; who is linked to whom, and whether there are more."""

    documents: Mapping[str, str]
    links: frozenset[tuple[str, str, str]]
    truncated: bool


def together(read: Reader, registry: Registry, entity: str, root: str) -> Together:
    """Find the documents that belong to one, of its legal entity, with their kinds; at most some hundred."""
    kinds: dict[str, str] = dict(read.rows_for(KINDS, [root], (entity,)))
    crossed = {root: 0}
    links: set[tuple[str, str, str]] = set()
    edge = [root]
    declared = (CORRECTION, *registry.all(Link))
    while edge and len(kinds) <= AT_MOST:
        steps = [(link, *pair) for link in declared for pair in _pairs(read, link, edge)]
        unknown = sorted({one for _, here, there in steps for one in (here, there)} - set(kinds))
        found: dict[str, str] = dict(read.rows_for(KINDS, unknown, (entity,))) if unknown else {}
        following: list[str] = []
        for link, document, other in steps:
            for here, there in ((document, other), (other, document)):
                if here not in crossed or there not in kinds | found:
                    continue
                cost = crossed[here] + _cost(link, {kinds.get(here), kinds.get(there), found.get(there)})
                if cost > HUBS_AT_MOST:
                    continue
                links.add((document, link.name, other))
                if there not in crossed or cost < crossed[there]:
                    crossed[there] = cost
                    kinds.setdefault(there, found.get(there, ""))
                    following.append(there)
        edge = sorted(set(following))
    shown = dict(list(kinds.items())[:AT_MOST])
    kept = frozenset(link for link in links if link[0] in shown and link[2] in shown)
    return Together(documents=shown, links=kept, truncated=len(kinds) > AT_MOST)


def _cost(link: Link, kinds: set[str | None]) -> int:
    if not link.hub:
        return 0
    return 1 if link.bridge in kinds else HUBS_AT_MOST


def _pairs(read: Reader, link: Link, ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Read the pairs of documents that a link brings together, of which one is among those given."""
    source, other = f"FROM {name_of(link.table)} t", f"t.{link.other}"
    if link.through is not None:
        table, key, column = link.through
        source, other = f"{source} JOIN {name_of(table)} o ON o.{key} = t.{link.other}", f"o.{column}"
    columns = f"SELECT DISTINCT t.{link.document}, {other} {source} WHERE {other} IS NOT NULL AND t.{link.document} IS NOT NULL"
    for condition in (f"t.{link.document}", other):
        for document, found in read.rows_for(f"{columns} AND {condition} IN {{keys}}", ids):
            if document != found:
                yield document, found
