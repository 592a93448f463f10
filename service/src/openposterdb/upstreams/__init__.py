"""TMDB, Fanart.tv, MDBList and OMDb over one shared HTTP client."""
