"""Identifiers, money, quantities and exact arithmetic: integers inside, decimal strings outside, no float anywhere.

Amounts are minor units of their currency, quantities thousandths, unit prices and rates millionths. Every division of the
project goes through `round_half_up`, every distribution through `allocate`, so each rounding rule is stated once, here.
"""

import hashlib
import os
import re
import threading
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import TypeAlias

import attrs
import iso4217

from kassa.kernel.clock import unix_milliseconds

Minor: TypeAlias = int
"""An amount of money in minor units of its currency: 1250 is 12.50 EUR, and 1250 JPY."""
Thousandths: TypeAlias = int
"""A quantity in thousandths of its unit: 2500 is 2.5 pieces or kilograms; sales positive, returns negative."""
Micro: TypeAlias = int
"""A unit price or a rate in millionths: 210_000 is a rate of 21 %; 9_990_000 is a price of 9.99."""

QUANTITY_PLACES = 3
PRICE_PLACES = 6
RATE_PLACES = 6
MAX_MINOR = 10**12
MAX_QUANTITY = 10**12
MICRO = 10**6
"""How many millionths make one."""
_LINE_SCALE: int = 10 ** (QUANTITY_PLACES + PRICE_PLACES)


_RANDOM_BYTES_PER_BLOCK = 6 * 1024
_COUNTER_LIMIT = 1 << 26
_COUNTER_SEED_MASK = (1 << 25) - 1


class _IdentifierSource:
    """Makes UUIDv7 texts: 48 bits of milliseconds, a 26-bit counter seeded at random each millisecond, 48 random bits."""

    __slots__ = ("_block", "_counter", "_lock", "_millisecond", "_offset", "_prefix")

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the block of random bits; a forked child must, or it would repeat what its parent makes."""
        self._lock = threading.Lock()
        self._block = ""
        self._offset = 0
        self._millisecond = -1
        self._counter = 0
        self._prefix = ""

    def _enter(self, millisecond: int) -> None:
        """Begin a millisecond: new prefix, new random start of the counter."""
        self._millisecond = millisecond
        self._prefix = f"{millisecond >> 16:08x}-{millisecond & 0xFFFF:04x}-7"
        self._counter = int.from_bytes(os.urandom(4), "big") & _COUNTER_SEED_MASK

    def make(self) -> str:
        """The next identifier; later ones of the same process sort after it as text."""
        with self._lock:
            now = unix_milliseconds()
            if now > self._millisecond:
                self._enter(now)
            else:
                # Same millisecond, or a clock put back: stay in the last one, so that order is kept.
                self._counter += 1
                if self._counter == _COUNTER_LIMIT:
                    self._enter(self._millisecond + 1)
            offset = self._offset
            if offset == len(self._block):
                self._block = os.urandom(_RANDOM_BYTES_PER_BLOCK).hex()
                offset = 0
            self._offset = offset + 12
            counter = self._counter
            return f"{self._prefix}{counter >> 14:03x}-{0x8000 | (counter & 0x3FFF):04x}-{self._block[offset : offset + 12]}"


_IDENTIFIERS = _IdentifierSource()
os.register_at_fork(after_in_child=_IDENTIFIERS.reset)


def new_id() -> str:
    """A new UUIDv7 as canonical text of 36 characters; ascending within the process, safe to call from any thread."""
    return _IDENTIFIERS.make()


def derived_id(document_id: str, *what: str) -> str:
    """The id of something that follows from a document: the same whenever it is asked for, and of the document's time.

    For rules, which must give equal answers to equal questions.
    """
    return document_id[:24] + hashlib.sha256("/".join(what).encode()).hexdigest()[:12]


_DECIMAL = re.compile(r"-?\d+(?:\.(\d+))?", re.ASCII)
_DECIMAL_LENGTH_MAX = 40
_POWERS_OF_TEN: tuple[int, ...] = tuple(10**power for power in range(_DECIMAL_LENGTH_MAX))


class DecimalTextError(ValueError):
    """A decimal text was refused; `reason` says why: `grammar`, `places` or `range`."""

    def __init__(self, reason: str, message: str) -> None:
        """Keep the reason beside the message, so that a caller can choose an error code."""
        super().__init__(message)
        self.reason = reason


def parse_scaled(text: str, places: int, *, maximum: int) -> int:
    """The integer of a decimal text in units of 10^-places; absolute value at most `maximum`; `DecimalTextError` else.

    Accepted are an optional minus, ASCII digits, and a point with digits on both sides; nothing is rounded or cut off.
    """
    match = _DECIMAL.fullmatch(text) if len(text) <= _DECIMAL_LENGTH_MAX else None
    if match is None:
        raise DecimalTextError("grammar", _grammar_message(text, places))
    fraction = match[1]
    if fraction is None:
        value = int(text) * _POWERS_OF_TEN[places]
    else:
        given = len(fraction)
        if given > places:
            raise DecimalTextError("places", f'expected at most {places} digits after the point, got {given} in "{text}"; round it first')
        value = int(text.replace(".", "", 1)) * _POWERS_OF_TEN[places - given]
    if not -maximum <= value <= maximum:
        limit = format_scaled(maximum, places, trim=True)
        raise DecimalTextError("range", f'expected a number between -{limit} and {limit}, got "{text}"')
    return value


def _grammar_message(text: str, places: int) -> str:
    """What to say about a text that is no decimal number; long texts are cut."""
    example = "12." + "50"[:places].ljust(1, "0") if places else "12"
    shown = text if len(text) <= _DECIMAL_LENGTH_MAX else text[:_DECIMAL_LENGTH_MAX] + "…"
    return f'expected a decimal number such as "{example}" (digits, one point, optional minus), got "{shown}"'


def format_scaled(value: int, places: int, *, trim: bool = False) -> str:
    """The decimal text of an integer in units of 10^-places: 1250 with 2 is "12.50"; `trim` drops trailing zeros ("12.5")."""
    if not places:
        return str(value)
    digits = str(value)
    sign = ""
    if value < 0:
        sign, digits = "-", digits[1:]
    if len(digits) <= places:
        digits = digits.rjust(places + 1, "0")
    whole, fraction = digits[:-places], digits[-places:]
    if trim:
        fraction = fraction.rstrip("0")
        if not fraction:
            return sign + whole
    return f"{sign}{whole}.{fraction}"


def round_half_up(numerator: int, denominator: int) -> int:
    """The quotient as the nearest integer, halves away from zero; exact for any size; `ZeroDivisionError` for 0."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    if numerator < 0:
        return -((denominator - 2 * numerator) // (2 * denominator))
    return (2 * numerator + denominator) // (2 * denominator)


def share(total: int, part: int, whole: int) -> int:
    """F(part) = round(total x part / whole), the amount that belongs to the first `part` of `whole`.

    Whoever takes q after r were taken gets `share(total, r + q, whole) - share(total, r, whole)`, so that any sequence of
    parts which adds up to the whole adds up to the total exactly.
    """
    return round_half_up(total * part, whole)


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """The total divided in proportion to weights (0 or more) by largest remainder; the parts always sum to the total.

    What is left after rounding towards zero goes one unit each to the largest fractional parts, the earliest first among
    equals. If all weights are 0 everything goes to the first. `ValueError` for a negative weight, or nothing to give to.
    """
    if not weights:
        if total:
            raise ValueError(f"cannot allocate {total} to nobody; give at least one weight")
        return []
    if min(weights) < 0:
        raise ValueError(f"weights are 0 or more, got {min(weights)}")
    whole = sum(weights)
    if not whole:
        return [total] + [0] * (len(weights) - 1)
    sign = -1 if total < 0 else 1
    size = abs(total)
    parts = [size * weight // whole for weight in weights]
    left = size - sum(parts)
    if left:
        by_remainder = sorted(range(len(weights)), key=lambda index: (-(size * weights[index] % whole), index))
        for index in by_remainder[:left]:
            parts[index] += 1
    return parts if sign > 0 else [-part for part in parts]


def line_amount(quantity_thousandths: Thousandths, unit_price_micro: Micro, exponent: int) -> Minor:
    """Quantity x unit price in minor units of a currency with that exponent, rounded once, half away from zero."""
    return round_half_up(quantity_thousandths * unit_price_micro * _POWERS_OF_TEN[exponent], _LINE_SCALE)


def percent_of(amount_minor: Minor, rate_micro: Micro) -> Minor:
    """A rate of an amount, rounded half away from zero; the rate is in millionths of one: 21 % is 210_000."""
    return round_half_up(amount_minor * rate_micro, MICRO)


@attrs.frozen(kw_only=True)
class Currency:
    """A currency of ISO 4217: how many decimal digits its minor unit has (EUR 2, JPY 0, IQD 3)."""

    code: str
    exponent: int
    name: str


@cache
def currency(code: str) -> Currency:
    """The currency of an ISO 4217 code, cached; `ValueError` names a code that is unknown or has no minor unit (XAU)."""
    try:
        known = iso4217.Currency(code)
    except ValueError as error:
        raise ValueError(f'unknown currency "{code}"; use a code of ISO 4217 such as "EUR"') from error
    if known.exponent is None:
        raise ValueError(
            f'"{code}" ({known.currency_name}) has no minor unit, so no amount can be kept in it; use a currency such as "EUR"'
        )
    return Currency(code=code, exponent=known.exponent, name=known.currency_name)


def format_quantity(quantity: Thousandths) -> str:
    """A quantity of thousandths as people write it: 2000 is "2", 2500 is "2.5"."""
    return format_scaled(quantity, QUANTITY_PLACES, trim=True)


def format_minor(minor: Minor, currency_code: str) -> str:
    """An amount as decimal text with the digits of its currency: 1250 in EUR is "12.50"."""
    return format_scaled(minor, currency(currency_code).exponent)


def minor_of(amount: Decimal, currency_code: str) -> Minor:
    """The minor units of a decimal amount; `ValueError` if it has more digits than the currency or is out of bounds."""
    return parse_scaled(_plain(amount), currency(currency_code).exponent, maximum=MAX_MINOR)


def _plain(amount: Decimal) -> str:
    """The digits of a decimal without exponent and without trailing zeros after the point; bounded before it is spelled out."""
    if not amount.is_finite() or not -_DECIMAL_LENGTH_MAX < amount.adjusted() < _DECIMAL_LENGTH_MAX:
        raise DecimalTextError("range", f"expected an amount that can be kept, got {amount}")
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@attrs.frozen(kw_only=True, order=False)
class Money:
    """An amount in one currency; adding or comparing two currencies raises `TypeError` naming both."""

    minor: Minor
    currency: str

    @classmethod
    def parse(cls, text: str, currency_code: str) -> "Money":
        """The money of a decimal text, with at most the digits of the currency; `ValueError` says what was expected."""
        return cls(minor=parse_scaled(text, currency(currency_code).exponent, maximum=MAX_MINOR), currency=currency_code)

    def __str__(self) -> str:
        """Amount and code: "12.34 EUR"."""
        return f"{format_minor(self.minor, self.currency)} {self.currency}"

    def __add__(self, other: "Money") -> "Money":
        """The sum, of the same currency."""
        return Money(minor=self.minor + self._minor_of(other, "add"), currency=self.currency)

    def __sub__(self, other: "Money") -> "Money":
        """The difference, of the same currency."""
        return Money(minor=self.minor - self._minor_of(other, "subtract"), currency=self.currency)

    def __neg__(self) -> "Money":
        """The same amount with the other sign."""
        return Money(minor=-self.minor, currency=self.currency)

    def __mul__(self, factor: int) -> "Money":
        """A whole multiple; anything that would need rounding goes through `share`, `percent_of` or `line_amount`."""
        if type(factor) is not int:
            raise TypeError(f"money is multiplied by an int, got {type(factor).__name__}; use share, percent_of or line_amount")
        return Money(minor=self.minor * factor, currency=self.currency)

    __rmul__ = __mul__

    def __bool__(self) -> bool:
        """Whether the amount is other than zero."""
        return self.minor != 0

    def __lt__(self, other: "Money") -> bool:
        """Less, within one currency."""
        return self.minor < self._minor_of(other, "compare")

    def __le__(self, other: "Money") -> bool:
        """Less or equal, within one currency."""
        return self.minor <= self._minor_of(other, "compare")

    def __gt__(self, other: "Money") -> bool:
        """Greater, within one currency."""
        return self.minor > self._minor_of(other, "compare")

    def __ge__(self, other: "Money") -> bool:
        """Greater or equal, within one currency."""
        return self.minor >= self._minor_of(other, "compare")

    def _minor_of(self, other: object, act: str) -> Minor:
        """The minor units of another money of the same currency."""
        if not isinstance(other, Money):
            raise TypeError(f"cannot {act} {self.currency} and {type(other).__name__}; both must be Money")
        if other.currency != self.currency:
            raise TypeError(f"cannot {act} {self.currency} and {other.currency}; convert one of them first")
        return other.minor
