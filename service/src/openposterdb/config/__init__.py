"""Every environment variable, typed and checked at start."""
