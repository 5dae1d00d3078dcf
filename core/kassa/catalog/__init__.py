"""The catalogue: products with barcodes, categories, releases, dated prices, tax codes, and the text index."""
