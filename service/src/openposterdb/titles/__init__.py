"""Ids: parsing, normalising, resolving to a canonical title, aliases."""
