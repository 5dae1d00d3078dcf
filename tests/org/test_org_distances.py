"""Distances without floating point, compared with the haversine formula as everybody computes it; stores near a point."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kassa.kernel.errors import Refused
from kassa.org.distance import EARTH_RADIUS, SCALE, chord_square, distance, point
from kassa.org.messages.scalars import Coordinates

DAM, UTRECHT, NEW_YORK = (52_373_080, 4_892_453), (52_090_737, 5_121_420), (40_712_776, -74_005_974)
POINTS = st.builds(Coordinates, latitude=st.integers(-90_000_000, 90_000_000), longitude=st.integers(-180_000_000, 180_000_000))


def at(latitude, longitude):
    return Coordinates(latitude=latitude, longitude=longitude)


def haversine(one, other):
    """The usual formula in floating point."""
    first, second = math.radians(one.latitude / 10**6), math.radians(other.latitude / 10**6)
    north, east = second - first, math.radians((other.longitude - one.longitude) / 10**6)
    part = math.sin(north / 2) ** 2 + math.cos(first) * math.cos(second) * math.sin(east / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(min(1.0, part)))


@given(POINTS, POINTS)
def test_a_distance_is_that_of_the_haversine_formula(one, other):
    # Near the opposite end of the earth a chord hardly grows with the way, so what is cut off from vectors weighs more.
    opposite = chord_square(point(one), point(other)) > 4 * SCALE**2 - SCALE**2 // 1000
    assert abs(distance(one, other) - haversine(one, other)) <= (600 if opposite else 1)
    assert distance(one, other) == distance(other, one)


@given(POINTS, POINTS, POINTS)
def test_who_is_farther_by_chord_is_farther_by_metres(here, one, other):
    squares = [chord_square(point(here), point(there)) for there in (one, other)]
    ways = [distance(here, there) for there in (one, other)]
    assert (squares[0] <= squares[1]) is (squares == sorted(squares))
    assert ways == sorted(ways) if squares == sorted(squares) else ways == sorted(ways, reverse=True)


@pytest.mark.parametrize(
    "one,other,expected",
    [
        (DAM, DAM, 0),
        (DAM, (DAM[0] + 9, DAM[1]), 1),
        (DAM, UTRECHT, 35_054),
        (DAM, NEW_YORK, 5_862_269),
        ((0, 0), (0, 180_000_000), 20_015_115),
        ((90_000_000, 0), (90_000_000, 77_000_000), 0),
        ((0, 179_999_999), (0, -179_999_999), 0),
    ],
)
def test_known_distances(one, other, expected):
    assert distance(at(*one), at(*other)) == expected


@pytest.fixture
def stores(do):
    """S001 on the Dam, S002 in Utrecht, S003 in New York, S004 nobody knows where, S005 on the Dam but closed."""

    def address(point):
        coordinates = {"latitude": f"{point[0] / 10**6:.6f}", "longitude": f"{point[1] / 10**6:.6f}"}
        return {"lines": ["Street 1"], "country": "NL", "coordinates": coordinates}

    do("org.change_store", store="S001", address=address(DAM))
    for number, there in (("S002", UTRECHT), ("S003", NEW_YORK)):
        do("org.create_store", number=number, name=number, address=address(there))
    do("org.create_store", number="S004", name="S004")
    do("org.create_store", number="S005", name="S005", address=address(DAM))
    do("org.change_store", store="S005", status="closed")
    return do


def test_stores_near_a_point_come_page_by_page_the_nearest_first(stores):
    there = {"latitude": "52.09", "longitude": "5.12"}
    near = stores("org.list_stores_near", **there)["items"]
    assert [store["number"] for store in near] == ["S002", "S001", "S003"]
    assert near[0]["distance"] == 127
    seen, after = [], None
    while True:
        page = stores("org.list_stores_near", **there, limit=1, after=after)
        seen += page["items"]
        after = page["next"]
        if after is None:
            break
    assert seen == near
    assert [store["number"] for store in stores("org.list_stores_near", **there, within=50_000)["items"]] == ["S002", "S001"]


def test_stores_near_a_store_leave_that_store_out(stores):
    near = stores("org.list_stores_near", store="S001")["items"]
    assert [(store["number"], store["distance"]) for store in near] == [("S002", 35_054), ("S003", 5_862_269)]


@pytest.mark.parametrize(
    "asked,pointer",
    [({}, "/latitude"), ({"latitude": "1"}, "/latitude"), ({"store": "S004"}, "/store"), ({"store": "S001", "longitude": "1"}, "/store")],
)
def test_a_point_must_be_known(stores, asked, pointer):
    with pytest.raises(Refused) as error:
        stores("org.list_stores_near", **asked)
    assert [(issue.code, issue.pointer) for issue in error.value.issues] == [("ORG_POINT_UNKNOWN", pointer)]


def test_stores_near_follow_a_store_that_moves(stores):
    assert stores("org.list_stores_near", store="S001")["items"][0]["number"] == "S002"
    stores("org.change_store", store="S002", address=None)
    assert stores("org.list_stores_near", store="S001")["items"][0]["number"] == "S003"
