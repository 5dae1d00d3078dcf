"""The organisation: legal entities, stores, warehouses, workers with their roles, API keys, reason codes."""
