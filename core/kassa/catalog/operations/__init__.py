"""The verbs of the catalogue, one file for each thing they are about."""

from __future__ import annotations

from kassa.catalog.operations import (
    barcodes,
    categories,
    discounts,
    item_model_groups,
    loading,
    price_lists,
    prices,
    products,
    releases,
    searching,
    taxes,
    variants,
)
from kassa.kernel.contributions import Operation

OPERATIONS: tuple[Operation, ...] = (
    *products.OPERATIONS,
    *variants.OPERATIONS,
    *releases.OPERATIONS,
    *barcodes.OPERATIONS,
    *loading.OPERATIONS,
    *searching.OPERATIONS,
    *categories.OPERATIONS,
    *item_model_groups.OPERATIONS,
    *price_lists.OPERATIONS,
    *prices.OPERATIONS,
    *discounts.OPERATIONS,
    *taxes.OPERATIONS,
)
