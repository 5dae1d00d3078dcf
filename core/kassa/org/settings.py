"""The vocabulary of the organisation: what hierarchies are for, and which acts ask for a reason."""

from __future__ import annotations

from kassa.org.documents import HierarchyPurpose, ReasonPurpose

PURPOSES = (
    HierarchyPurpose(name="reporting", summary="Figures are added up along it"),
    HierarchyPurpose(name="retail_pricing", summary="Prices and discounts are given to its nodes"),
    ReasonPurpose(name="charge_override", summary="A charge is changed by hand"),
    ReasonPurpose(name="price_override", summary="A price is changed by hand"),
    ReasonPurpose(name="stock_adjustment", summary="Stock is changed by hand"),
)
