"""The parties that a legal entity trades with: customers and their addresses."""
