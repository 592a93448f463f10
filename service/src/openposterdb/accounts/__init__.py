"""API keys: what they look like, whose they are, when they were used last."""
