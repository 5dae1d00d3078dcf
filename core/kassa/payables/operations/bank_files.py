"""Bank files: made once from a committed run, kept as they are, fetched as often as need be."""

from __future__ import annotations

import hashlib
from typing import Any

import attrs

from kassa.kernel import keys
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.database import Row as DatabaseRow
from kassa.kernel.errors import Conflict, NotFound
from kassa.kernel.operations import Result
from kassa.kernel.permissions import SYSTEM
from kassa.kernel.plan import Row
from kassa.org import facts as org
from kassa.payables.banking import PORT
from kassa.payables.documents import BankFile
from kassa.payables.facts import batch
from kassa.payables.messages import payments as messages
from kassa.payables.models import BankFileRow

FILE = "SELECT document_id, name, media_type, sha256, content FROM payables_bank_file WHERE document_id = ?"
RUN = "SELECT 1 FROM payables_payment_run WHERE document_id = ? AND legal_entity_id = ?"


@attrs.frozen
class Rendered:
    """What the provider made of a run, and by which provider."""

    file: BankFile
    provider: str


def render(command: messages.ProduceBankFile, engine: Any, request: Any) -> Rendered | None:
    """Have the provider write the file, before anything is planned; None where there is no such run."""
    with engine.database.snapshot() as read:
        found = batch(read, command.run)
    if found is None:
        return None
    return Rendered(engine.services.provider(PORT).render(found), engine.services.chosen().get(PORT, ""))


def produce_bank_file(command: messages.ProduceBankFile, context: Context) -> Result:
    """Plan to keep the file of a run; where it is there already, it stays what it is."""
    entity = org.legal_entity(context)
    rendered: Rendered | None = context.prepared
    if rendered is None or context.read.row(RUN, (command.run, entity.id)) is None:
        raise NotFound("vendor payment run", command.run)
    row = context.read.row(FILE, (command.run,))
    if row is not None:
        kept = _view(row)
        return Result(view=lambda numbers: kept)
    made = rendered.file
    digest = hashlib.sha256(made.content.encode()).hexdigest()
    view = messages.BankFileView(run=command.run, name=made.name, media_type=made.media_type, sha256=digest, content=made.content)
    values = {
        "document_id": command.run, "legal_entity_id": entity.id, "provider": rendered.provider, "name": made.name,
        "media_type": made.media_type, "content": made.content, "sha256": digest, "at": context.now,
    }  # fmt: skip
    context.plan.add([Row(BankFileRow, values)], rule="payables.produce_bank_file")
    return Result(view=lambda numbers: view)


def _view(row: DatabaseRow) -> messages.BankFileView:
    return messages.BankFileView(run=row[0], name=row[1], media_type=row[2], sha256=row[3], content=row[4])


def read_bank_file(request: messages.ReadBankFile, context: Context) -> messages.BankFileView:
    """Give the file of a run, the same text every time; Conflict (PAYABLES_FILE_MISSING) where it is not made yet."""
    run_id = keys.find_document(context.read, "vendor_payment_run", org.legal_entity(context).id, request.run)
    row = context.read.row(FILE, (run_id,))
    if row is None:
        raise Conflict("The file of this run is not made yet. Ask again shortly.", code="PAYABLES_FILE_MISSING")
    return _view(row)


def after_commit(event: Any, engine: Any) -> None:
    """Make the file of a run that was committed; delivered again, it is there already."""
    engine.perform(
        "payables.produce_bank_file", {"run": event.data["document"]}, actor=SYSTEM, key=f"bank-file-{event.data['document']}",
        legal_entity_id=event.legal_entity_id,
    )  # fmt: skip


OPERATIONS = (
    Operation(
        name="payables.produce_bank_file",
        summary="Make the file of a payment run",
        description="It is made by itself after the commit of a run; this makes it where that failed. A run has one file, which never changes.",
        effect="post",
        http=Http(method="POST", path="/vendor-payment-runs/{run}/file"),
        request=messages.ProduceBankFile,
        response=messages.BankFileView,
        permission="payables.pay_vendor",
        handler=produce_bank_file,
        prepare=render,
        example={},
    ),
    Operation(
        name="payables.read_bank_file",
        summary="Fetch the file of a payment run",
        effect="read",
        http=Http(method="GET", path="/vendor-payment-runs/{run}/file"),
        request=messages.ReadBankFile,
        response=messages.BankFileView,
        permission="payables.pay_vendor",
        handler=read_bank_file,
    ),
)
