"""What a legal entity owes: vendor invoices, proposals, payments, bank files, and balances moved from customers to vendors."""
