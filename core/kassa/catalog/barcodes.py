"""Barcodes: what kind of code a text is, and its one spelling under which it is kept and found."""

from __future__ import annotations

from typing import Literal

from stdnum import ean

BarcodeKind = Literal["gtin", "internal"]
GTIN_LENGTHS = frozenset((8, 12, 13, 14))
GTIN_DIGITS = 14


def looks_like_gtin(barcode: str) -> bool:
    """Whether a text has the digits of a GTIN, whatever its check digit."""
    return len(barcode) in GTIN_LENGTHS and barcode.isascii() and barcode.isdigit()


def is_gtin(barcode: str) -> bool:
    """Whether a text is a GTIN (EAN-8, UPC-A, EAN-13, ITF-14) with the right check digit."""
    return looks_like_gtin(barcode) and bool(ean.is_valid(barcode))


def check_digit(barcode: str) -> str:
    """The check digit that the other digits of a would-be GTIN ask for."""
    return str(ean.calc_check_digit(barcode[:-1]))


def spelling(barcode: str) -> str:
    """The one spelling of a code: a GTIN in 14 digits, so that UPC-A and EAN-13 of the same article are one; else as it is."""
    return barcode.zfill(GTIN_DIGITS) if is_gtin(barcode) else barcode
