"""Layers, single flight, staleness and the grammar of cache keys."""
