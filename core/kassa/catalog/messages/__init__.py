"""Requests and views of the catalogue."""
