"""Requests and views of payables."""
