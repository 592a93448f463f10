"""Ratings: sources, merging, formatting, order and limit."""
