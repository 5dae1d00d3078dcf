"""Checking a story that was written down: every digest and every link made again from what stands in the file, without a database."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from kassa.kernel.changes import canonical
from kassa.kernel.database import Reader
from kassa.kernel.errors import UnreadableInput
from kassa.kernel.evidence.story import FORMAT, checksum_of
from kassa.kernel.flush import digest, link_hash
from kassa.kernel.keys import id_or_none

LINK = "SELECT hash FROM kernel_chain_link WHERE legal_entity_id = ? AND register = ? AND sequence = ?"
Proofs = dict[str, tuple[str, str]]


def read_file(text: str) -> Mapping[str, Any]:
    """Read a story that was written down; UnreadableInput where it is none."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise UnreadableInput(f"This file is no JSON: {error}.") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise UnreadableInput(f"Expected a file of the format {FORMAT}, as `kassa evidence` writes it.")
    return found


def check(story: Mapping[str, Any]) -> list[str]:
    """Find what does not hold in a story, each as `where: what`; empty where all is well.

    It proves that each finished document is the one that its link was made over, and that the links are whole. That the links
    are those of the shop is proved by comparing them with its chains, or with an anchor.
    """
    try:
        return [*_checksum(story), *_check(story)]
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise UnreadableInput(f"Parts of the file are missing or of another form: {type(error).__name__}: {error}.") from error


def _checksum(story: Mapping[str, Any]) -> Iterator[str]:
    if story["checksum"] != checksum_of(story):
        yield "the file: something in it was changed after it was written, for its checksum does not fit"


def _check(story: Mapping[str, Any]) -> Iterator[str]:
    proofs: Proofs = {}
    hashes: dict[tuple[str, int], str] = {}
    for link in story["chain"]:
        where = f"link {link['sequence']} of register {link['register']}"
        if link["hash"] != link_hash(link["previous"], link["legal_entity_id"], link["register"], link["sequence"], link["documents"]):
            yield f"{where}: its hash does not follow from the link before it and its documents"
        hashes[link["register"], link["sequence"]] = link["hash"]
        proofs |= {document: (number, made) for document, number, made in json.loads(link["documents"])}
    for link in story["chain"]:
        before = hashes.get((link["register"], link["sequence"] - 1))
        if before is not None and before != link["previous"]:
            yield f"link {link['sequence']} of register {link['register']}: it does not follow link {link['sequence'] - 1}"
    for document in story["documents"]:
        yield from _document(document, proofs)


def _document(document: Mapping[str, Any], proofs: Proofs) -> Iterator[str]:
    name = f"{document['kind']} {document['number'] or document['id']}"
    proof = proofs.get(document["id"])
    if document["chained"] is None:
        if proof is not None:
            yield f"{name}: a link holds it, but it says that it is not chained"
        return
    if proof is None:
        yield f"{name}: it says that it is chained, but no link holds it"
        return
    number, wanted = proof
    if number != (document["number"] or ""):
        yield f"{name}: its link names it {number}"
    if digest(_canonical(document)) != wanted:
        yield f"{name}: its rows are not those that were chained"


def _canonical(document: Mapping[str, Any]) -> str:
    """Write the evidence of a document as the flush did, from the columns that are evidence."""
    rows = []
    for part in document["tables"]:
        if "evidence" in part:
            places = [part["columns"].index(column) for column in part["evidence"]]
            rows += [(part["table"], *[row[place] for place in places]) for row in part["rows"]]
    return canonical(rows)


def compare(read: Reader, story: Mapping[str, Any]) -> list[str]:
    """Find links of a story that are not those of the chains of a database."""
    found = []
    for link in story["chain"]:
        where = f"link {link['sequence']} of register {link['register']}"
        here = read.value(LINK, (id_or_none(link["legal_entity_id"]), link["register"], link["sequence"]))
        if here is None:
            found.append(f"{where}: it is not in this database")
        elif here != link["hash"]:
            found.append(f"{where}: it is another in this database")
    return found
