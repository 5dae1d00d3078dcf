"""Webhooks: events sent to addresses that ask for them, signed by the Standard Webhooks scheme, tried again until they arrive.

A webhook belongs to a legal entity, or to the whole installation. Each event that it asks for is a delivery of its own; those
about the same document go out in their order, others do not wait for them.
"""
