"""Sales: orders, packing slips, invoices and credit notes; the cash-and-carry sale as one plan."""
