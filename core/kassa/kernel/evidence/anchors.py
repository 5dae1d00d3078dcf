"""Anchors: the newest link of each chain, written down outside. A chain that was cut or made anew does not hold what they say."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import attrs

from kassa.kernel.context import Context
from kassa.kernel.database import Reader
from kassa.kernel.errors import UnreadableInput
from kassa.kernel.flush import digest
from kassa.kernel.keys import id_or_none
from kassa.kernel.schema import Identifier, Instant, JsonObject, encode

FORMAT: Literal["kassa.anchor/1"] = "kassa.anchor/1"
HEADS = "SELECT legal_entity_id, register, sequence, hash FROM kernel_chain_head ORDER BY legal_entity_id, register"
LINK = "SELECT hash FROM kernel_chain_link WHERE legal_entity_id = ? AND register = ? AND sequence = ?"


@attrs.frozen(kw_only=True)
class ReadAnchor:
    """Asks for the newest links of all chains."""


@attrs.frozen(kw_only=True)
class HeadView:
    """The newest link of the chain of one register."""

    legal_entity_id: Identifier
    register: str
    sequence: int
    hash: str


@attrs.frozen(kw_only=True)
class AnchorView:
    """The newest link of each chain; keep it where nobody who can write to the database can. `checksum` is over the rest."""

    format: Literal["kassa.anchor/1"] = FORMAT
    at: Instant
    heads: tuple[HeadView, ...]
    checksum: str


def read_anchor(request: ReadAnchor, context: Context) -> AnchorView:
    """Show the heads of all chains within the caller's legal entities."""
    entities = context.actor.legal_entities
    rows = [row for row in context.read.rows(HEADS) if entities is None or row[0] in entities]
    heads = tuple(HeadView(legal_entity_id=row[0], register=row[1], sequence=row[2], hash=row[3]) for row in rows)
    return AnchorView(at=context.now, heads=heads, checksum=_checksum([attrs.asdict(head) for head in heads]))


def _checksum(heads: Iterable[Mapping[str, Any]]) -> str:
    return digest(encode([[head["legal_entity_id"], head["register"], head["sequence"], head["hash"]] for head in heads]))


def read_file(text: str) -> JsonObject:
    """Read an anchor that was written down; UnreadableInput where it is none, or was damaged on its way."""
    try:
        found = json.loads(text)
        sound = found["format"] == FORMAT and found["checksum"] == _checksum(found["heads"])
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableInput(f"Expected an anchor as `kassa evidence --anchor` writes it; this is none: {error}.") from error
    if not sound:
        raise UnreadableInput("This anchor is of another format, or was changed after it was written: its checksum does not fit.")
    anchor: JsonObject = found
    return anchor


def broken_anchor(read: Reader, anchor: JsonObject) -> Iterable[str]:
    """Find registers whose chain does not hold the link that an anchor names: it was cut, or made anew."""
    heads: Any = anchor["heads"]
    for head in heads:
        where = f"register {head['register']} of legal entity {head['legal_entity_id']}"
        found = read.value(LINK, (id_or_none(head["legal_entity_id"]), head["register"], head["sequence"]))
        if found is None:
            yield f"{where}: link {head['sequence']}, which the anchor names, is missing; the chain was cut"
        elif found != head["hash"]:
            yield f"{where}: link {head['sequence']} is another than the anchor names; the chain was made anew"
