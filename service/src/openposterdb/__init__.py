"""OpenPosterDB: posters, logos and backdrops with rating badges, by URL."""

__version__ = "0.1.0"
