"""Requests and views of the organisation."""
