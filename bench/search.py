"""Product search on 100,000 products: the operation beside the plain query of the index."""

from __future__ import annotations

import random

from bench.measuring import ROUNDS, Line, measure, typical
from bench.recording import RawConnection, recording_queries
from bench.shop import Shop

WORDS = [
    "white", "hanging", "heart", "light", "holder", "metal", "lantern", "cream", "cupid", "coat",
    "hanger", "knitted", "union", "flag", "bottle", "red", "woolly", "hottie", "retro", "spot",
]  # fmt: skip
PRODUCTS = 100_000


def names(count: int) -> list[str]:
    """Make names of four words each, the same in every run."""
    draw = random.Random(7)
    return [" ".join(draw.sample(WORDS, 4)) + f" {number % 97}" for number in range(count)]


def product_search(shop: Shop, searches: int) -> Line:
    """Compare searching by two words, ranked, twenty results, with the same queries by the driver alone."""
    engine, actor = shop.engine, shop.cashier
    questions = [" ".join(random.Random(number).sample(WORDS, 2)) for number in range(searches)]

    def search() -> None:
        for question in questions:
            engine.perform("catalog.search_products", {"text": question, "store": "S001"}, actor=actor)

    search()
    with recording_queries(engine.database.dialect) as queries:
        search()
    raw = RawConnection(shop.url)

    def query() -> None:
        for sql, parameters in queries:
            raw.rows(sql, parameters)

    query()
    kassa, plain = [], []
    for _ in range(ROUNDS):
        kassa.append(measure(searches, search))
        plain.append(measure(searches, query))
    raw.close()
    return Line(
        database=engine.database.dialect, what=f"search, {PRODUCTS:,} products", unit="searches", kassa=typical(kassa), raw=typical(plain),
        note="two words, ranked, 20 results with prices",
    )  # fmt: skip
