"""Requests and views of returns."""
