"""Requests and views of the ledger."""
