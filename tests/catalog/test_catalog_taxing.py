"""Tax of amounts line by line, and on the sums of a document and allocated back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kassa.catalog.documents import TaxRate
from kassa.catalog.taxing import Taxed, document_taxes, line_taxes, shares

HIGH, LOW, LOCAL, ZERO, ODD = (
    TaxRate(code=code, rate=rate) for code, rate in (("HIGH", 210_000), ("LOW", 90_000), ("LOCAL", 20_000), ("ZERO", 0), ("ODD", 66_667))
)


def test_tax_is_rounded_once_for_each_code_and_allocated_back():
    lines = [Taxed(amount, (HIGH,), False) for amount in (107, 107, 107)]
    assert [line_taxes(line) for line in lines] == [(22,), (22,), (22,)], "each 22.47"
    assert document_taxes(lines) == [(23,), (22,), (22,)], "together 67.41; each lost as much, so the first gets it"
    mixed = [Taxed(105, (HIGH,), False), Taxed(105, (LOW,), False), Taxed(105, (HIGH, LOCAL), False)]
    assert document_taxes(mixed) == [(22,), (9,), (22, 2)]


def test_with_tax_in_the_prices_the_document_contains_what_its_sum_contains():
    lines = [Taxed(amount, (HIGH,), True) for amount in (100, 100, 100)]
    assert [line_taxes(line) for line in lines] == [(17,), (17,), (17,)], "each 17.36"
    assert document_taxes(lines) == [(18,), (17,), (17,)], "together 52.07"


def test_a_credit_mirrors_its_sale():
    sale = [Taxed(amount, (HIGH,), False) for amount in (107, 53, 107)]
    credit = [Taxed(-line.amount, line.rates, False) for line in sale]
    assert document_taxes(credit) == [tuple(-part for part in parts) for parts in document_taxes(sale)]


def test_lines_that_bear_nothing_get_nothing():
    assert document_taxes([Taxed(0, (HIGH,), False), Taxed(500, (), False), Taxed(3, (HIGH,), False)]) == [(0,), (), (1,)]
    assert document_taxes([]) == []
    assert shares(0, [], 10) == []
    assert shares(0, [0, 0], 10) == [0, 0]


RATES = st.lists(st.sampled_from((HIGH, LOW, LOCAL, ZERO, ODD)), max_size=3, unique=True).map(
    lambda rates: tuple(sorted(rates, key=lambda rate: rate.code))
)
AMOUNTS = st.integers(-(10**7), 10**7)
DOCUMENTS = st.lists(st.builds(Taxed, AMOUNTS, RATES, st.booleans()), max_size=15)


@given(DOCUMENTS)
def test_sums_are_those_of_the_document_and_no_line_strays(document):
    found = document_taxes(document)
    single = {(taxed.included, rates) for taxed in document for rates in [taxed.rates] if len(rates) == 1}
    for included, rates in single:
        places = [place for place, taxed in enumerate(document) if taxed.included is included and rates[0] in taxed.rates]
        if included:
            places = [place for place in places if document[place].rates == rates]
        together = Taxed(sum(document[place].amount for place in places), rates, included)
        assert sum(found[place][document[place].rates.index(rates[0])] for place in places) == line_taxes(together)[0]
    for taxed, parts in zip(document, found, strict=True):
        whole = 10**6 + (sum(rate.rate for rate in taxed.rates) if taxed.included else 0)
        for rate, part in zip(taxed.rates, parts, strict=True):
            strayed = abs(part * whole - taxed.amount * rate.rate)
            assert strayed < whole * (2 if taxed.included and len(taxed.rates) > 1 else 1)
            assert taxed.amount * rate.rate or part == 0


@given(st.lists(st.tuples(AMOUNTS, RATES), max_size=12))
def test_with_tax_in_the_prices_each_group_of_codes_adds_up(entries):
    document = [Taxed(amount, rates, True) for amount, rates in entries]
    found = document_taxes(document)
    for rates in {taxed.rates for taxed in document if taxed.rates}:
        places = [place for place, taxed in enumerate(document) if taxed.rates == rates]
        together = Taxed(sum(document[place].amount for place in places), rates, True)
        assert [sum(found[place][column] for place in places) for column in range(len(rates))] == list(line_taxes(together))


@given(DOCUMENTS)
def test_all_signs_turned_is_all_taxes_turned(document):
    turned = document_taxes([Taxed(-taxed.amount, taxed.rates, taxed.included) for taxed in document])
    assert [tuple(-part for part in parts) for parts in turned] == document_taxes(document)


@pytest.mark.parametrize("total", [-7, 7])
def test_shares_of_both_signs_add_up_to_the_total(total):
    assert sum(shares(total, [30 * total, 5, -5, 40 * total], 70)) == total
    assert shares(0, [5, -5], 70) == [0, 0]
