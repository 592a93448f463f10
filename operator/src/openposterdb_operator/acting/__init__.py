"""The acting half: looks, lets the pure functions decide, and writes what they want."""
