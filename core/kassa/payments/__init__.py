"""Payments: tender types, tenders and the payments that customers make."""
