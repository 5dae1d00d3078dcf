"""Bank files: SEPA credit transfers (pain.001) and plain CSV, as providers of the port `payables.bank_file`."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from xml.etree import ElementTree

from kassa.kernel.clock import instant_text
from kassa.kernel.values import format_minor
from kassa.payables.documents import BankBatch, BankFile, BankPayment

PORT = "payables.bank_file"
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"
FORBIDDEN = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
NAME_AT_MOST, REMITTANCE_AT_MOST = 70, 140


def sepa_text(text: str, most: int) -> str:
    """Give a text in the letters that every bank takes: accents fall off, other signs become blanks."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(FORBIDDEN.sub(" ", plain).split())[:most].strip() or "-"


def short(identifier: str) -> str:
    """Give an id in the 35 characters that a message has for it."""
    return identifier.replace("-", "")


class SepaCreditTransfers:
    """pain.001.001.03: one message, one group of credit transfers, each with an end-to-end id of its own."""

    def render(self, batch: BankBatch) -> BankFile:
        """Write the message; the same batch gives the same text, so a bank recognises it by its message id."""
        root = ElementTree.Element("Document", {"xmlns": NAMESPACE})
        message = ElementTree.SubElement(root, "CstmrCdtTrfInitn")
        count, total = str(len(batch.payments)), format_minor(sum(payment.amount for payment in batch.payments), batch.currency)
        header = _add(message, "GrpHdr")
        for name, value in (
            ("MsgId", short(batch.id)),
            ("CreDtTm", instant_text(batch.created_at)),
            ("NbOfTxs", count),
            ("CtrlSum", total),
        ):
            _add(header, name, value)
        _add(header, "InitgPty/Nm", sepa_text(batch.debtor, NAME_AT_MOST))
        group = _add(message, "PmtInf")
        _add(group, "PmtInfId", sepa_text(batch.number, 35))
        for name, value in (("PmtMtd", "TRF"), ("BtchBookg", "true"), ("NbOfTxs", count), ("CtrlSum", total)):
            _add(group, name, value)
        if batch.currency == "EUR":
            _add(group, "PmtTpInf/SvcLvl/Cd", "SEPA")
        _add(group, "ReqdExctnDt", batch.execution_date)
        _add(group, "Dbtr/Nm", sepa_text(batch.debtor, NAME_AT_MOST))
        _add(group, "DbtrAcct/Id/IBAN", batch.iban)
        _bank(group, "DbtrAgt", batch.bic or "")
        _add(group, "ChrgBr", "SLEV")
        for payment in batch.payments:
            _transfer(group, payment, batch.currency)
        text = ElementTree.tostring(root, encoding="unicode")
        return BankFile(
            name=f"{batch.number}.xml", media_type="application/xml", content=f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'
        )


def _add(parent: ElementTree.Element, path: str, text: str | None = None) -> ElementTree.Element:
    for name in path.split("/"):
        parent = ElementTree.SubElement(parent, name)
    parent.text = text
    return parent


def _bank(parent: ElementTree.Element, name: str, bic: str) -> None:
    """Name the bank of an account; where its code is not known, the IBAN says enough."""
    if bic:
        _add(parent, f"{name}/FinInstnId/BIC", bic)
    else:
        _add(parent, f"{name}/FinInstnId/Othr/Id", "NOTPROVIDED")


def _transfer(group: ElementTree.Element, payment: BankPayment, currency: str) -> None:
    transfer = _add(group, "CdtTrfTxInf")
    _add(transfer, "PmtId/EndToEndId", short(payment.id))
    _add(transfer, "Amt/InstdAmt", format_minor(payment.amount, currency)).set("Ccy", currency)
    if payment.bic:
        _bank(transfer, "CdtrAgt", payment.bic)
    _add(transfer, "Cdtr/Nm", sepa_text(payment.holder, NAME_AT_MOST))
    _add(transfer, "CdtrAcct/Id/IBAN", payment.iban)
    _add(transfer, "RmtInf/Ustrd", sepa_text(payment.reference, REMITTANCE_AT_MOST))


class CommaSeparated:
    """A table of the payments, for banks and people who read that."""

    COLUMNS = ("id", "execution_date", "debtor_iban", "holder", "iban", "bic", "currency", "amount", "reference")

    def render(self, batch: BankBatch) -> BankFile:
        """Write one row for each payment under a row of names."""
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(self.COLUMNS)
        for payment in batch.payments:
            amount = format_minor(payment.amount, batch.currency)
            start = (payment.id, batch.execution_date, batch.iban)
            writer.writerow((*start, payment.holder, payment.iban, payment.bic or "", batch.currency, amount, payment.reference))
        return BankFile(name=f"{batch.number}.csv", media_type="text/csv", content=text.getvalue())
