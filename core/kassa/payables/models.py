"""Tables of payables."""

from __future__ import annotations

import peewee

from kassa.kernel.tables import Date, Flag, Id, Integer, Table, Text, document_reference


class BankAccountRow(Table):
    """A bank account of the legal entity, from which vendors are paid; its ledger account plays the role `bank` for its code."""

    id = Id(primary_key=True)
    legal_entity_id = Id()
    code = Text()
    name = Text()
    iban = Text()
    bic = Text(null=True)
    currency = Text()
    active = Flag()
    version = Integer()

    class Meta:
        table_name = "payables_bank_account"
        reference = "payables"
        indexes = ((("legal_entity_id", "code"), True),)


class VendorInvoiceRow(Table):
    """A vendor invoice: positive is owed by the legal entity, minor units of its currency."""

    document_id = Id(primary_key=True)
    legal_entity_id = Id()
    vendor_id = Id()
    currency = Text()
    invoice_number = Text(null=True)
    description = Text(null=True)
    due_date = Date()
    total = Integer()

    class Meta:
        table_name = "payables_vendor_invoice"
        append_only = True
        evidence = "document_id"
        constraints = [document_reference(), peewee.Check("total <> 0")]
        indexes = ((("vendor_id", "document_id"), False),)


class VendorInvoiceLineRow(Table):
    """A line of a vendor invoice: what it debits on an account."""

    document_id = Id()
    number = Integer()
    account_id = Id()
    amount = Integer()
    dimension_set_id = Id()
    text = Text(null=True)

    class Meta:
        table_name = "payables_vendor_invoice_line"
        append_only = True
        evidence = "document_id"
        primary_key = peewee.CompositeKey("document_id", "number")
        without_rowid = True
        constraints = [peewee.SQL("FOREIGN KEY (document_id) REFERENCES payables_vendor_invoice (document_id)")]


class PaymentRunRow(Table):
    """Payments that go to the bank in one file."""

    document_id = Id(primary_key=True)
    legal_entity_id = Id()
    bank_account_id = Id()
    currency = Text()
    execution_date = Date()
    payments = Integer()
    total = Integer()

    class Meta:
        table_name = "payables_payment_run"
        append_only = True
        evidence = "document_id"
        constraints = [document_reference(), peewee.Check("payments > 0 AND total > 0")]


class VendorPaymentRow(Table):
    """Money paid to a vendor, minor units of its currency; where it goes stands here as it was when it was sent."""

    document_id = Id(primary_key=True)
    legal_entity_id = Id()
    vendor_id = Id()
    run_id = Id(null=True)
    bank_account_id = Id()
    method = Text()
    currency = Text()
    amount = Integer()
    iban = Text(null=True)
    bic = Text(null=True)
    holder = Text(null=True)
    reference = Text()

    class Meta:
        table_name = "payables_vendor_payment"
        append_only = True
        evidence = "document_id"
        constraints = [
            document_reference(),
            peewee.SQL("FOREIGN KEY (run_id) REFERENCES payables_payment_run (document_id)"),
            peewee.Check("amount > 0"),
            peewee.Check("method IN ('file', 'manual')"),
            peewee.Check("method = 'manual' OR (run_id IS NOT NULL AND iban IS NOT NULL)"),
        ]
        indexes = ((("vendor_id", "document_id"), False),)


VendorPaymentRow.add_index(
    VendorPaymentRow.index(
        VendorPaymentRow.run_id, VendorPaymentRow.document_id, where=peewee.SQL("run_id IS NOT NULL"), name="payables_vendor_payment_run"
    )
)


class BankFileRow(Table):
    """The file that was made of a run, kept as it was: a run has one, however often it is fetched."""

    document_id = Id(primary_key=True)
    legal_entity_id = Id()
    provider = Text()
    name = Text()
    media_type = Text()
    content = Text()
    sha256 = Text()
    at = Integer()

    class Meta:
        table_name = "payables_bank_file"
        append_only = True
        constraints = [peewee.SQL("FOREIGN KEY (document_id) REFERENCES payables_payment_run (document_id)")]


class BalanceTransferRow(Table):
    """What a customer was owed and a vendor is owed now, minor units of the currency."""

    document_id = Id(primary_key=True)
    legal_entity_id = Id()
    customer_id = Id(index=True)
    vendor_id = Id(index=True)
    currency = Text()
    amount = Integer()
    description = Text()
    due_date = Date()
    customer_item_id = Id()
    vendor_item_id = Id()

    class Meta:
        table_name = "payables_balance_transfer"
        append_only = True
        evidence = "document_id"
        constraints = [document_reference(), peewee.Check("amount > 0")]


TABLES: tuple[type[Table], ...] = (
    BankAccountRow, VendorInvoiceRow, VendorInvoiceLineRow, PaymentRunRow, VendorPaymentRow, BankFileRow, BalanceTransferRow,
)  # fmt: skip
