"""The general ledger and the subledger: accounts, vouchers, periods, open items and their settlement."""
