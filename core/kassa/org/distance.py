"""Distances between points on the globe, in whole metres, without floating point.

A point is a vector of length 10^9 from the middle of the earth, its parts whole numbers. Between two points lies the chord
`c` with `c^2 = (x1 - x2)^2 + (y1 - y2)^2 + (z1 - z2)^2`, and the way over the ground is `2 R asin(c / 2)`. This is the
haversine formula: `c^2 / 4` is the haversine of the angle. Squares of chords are whole numbers and grow with the way, so
places are put in order by them exactly; metres are worked out only for those that are shown. The earth counts as a sphere of
the mean radius, so a distance is right within half a per cent.
"""

from __future__ import annotations

from decimal import Decimal, getcontext, localcontext
from functools import lru_cache
from typing import NamedTuple

from kassa.org.messages.scalars import Coordinates

EARTH_RADIUS = 6_371_009
"""Mean radius of the earth in metres (IUGG)."""
SCALE = 10**9
DIGITS = 32
PI = Decimal("3.1415926535897932384626433832795028842")
_SMALL = Decimal("1e-32")
_HALVINGS = 3
_TURNS = 8
"""2 to the power of _HALVINGS."""


class Point(NamedTuple):
    """A point of the globe as a vector of length SCALE."""

    x: int
    y: int
    z: int


@lru_cache(maxsize=4096)
def point(coordinates: Coordinates) -> Point:
    """The vector of a point given by latitude and longitude in millionths of a degree."""
    with localcontext(prec=DIGITS):
        latitude, longitude = (_radians(angle) for angle in (coordinates.latitude, coordinates.longitude))
        across = _sine(latitude + _quotient(PI, 2))
        east, north = across * _sine(longitude), across * _sine(longitude + _quotient(PI, 2))
        return Point(_whole(north), _whole(east), _whole(_sine(latitude)))


def chord_square(one: Point, other: Point) -> int:
    """The square of the chord between two points, in units of 10^-18 of the earth's radius: 0 to 4 x 10^18."""
    return (one.x - other.x) ** 2 + (one.y - other.y) ** 2 + (one.z - other.z) ** 2


def metres(square: int) -> int:
    """The way over the ground between points whose chord has this square, in whole metres, rounded half to even."""
    with localcontext(prec=DIGITS):
        haversine = min(_quotient(Decimal(square), 4 * SCALE**2), Decimal(1))
        angle = PI if haversine == 1 else 2 * _arc_tangent(_quotient(haversine, 1 - haversine).sqrt())
        return int((angle * EARTH_RADIUS).to_integral_value())


def distance(one: Coordinates, other: Coordinates) -> int:
    """The way over the ground between two points in whole metres."""
    return metres(chord_square(point(one), point(other)))


def _quotient(number: Decimal, by: Decimal | int) -> Decimal:
    return getcontext().divide(number, Decimal(by))


def _radians(micro_degrees: int) -> Decimal:
    return _quotient(PI * micro_degrees, 180_000_000)


def _whole(part: Decimal) -> int:
    return int((part * SCALE).to_integral_value())


def _sine(angle: Decimal) -> Decimal:
    """The sine by its series: every term is the one before times -x^2 / (n (n + 1))."""
    square, term, total, number = angle * angle, angle, angle, 1
    while abs(term) > _SMALL:
        number += 2
        term = _quotient(-term * square, (number - 1) * number)
        total += term
    return total


def _arc_tangent(tangent: Decimal) -> Decimal:
    """The angle of a tangent: halved three times, for atan(x) = 2 atan(x / (1 + sqrt(1 + x^2))), then by its series."""
    for _ in range(_HALVINGS):
        tangent = _quotient(tangent, 1 + (1 + tangent * tangent).sqrt())
    square, power, total, number = tangent * tangent, tangent, tangent, 1
    while abs(power) > _SMALL:
        number += 2
        power = -power * square
        total += _quotient(power, number)
    return total * _TURNS
