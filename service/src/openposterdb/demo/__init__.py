"""A catalogue of invented titles and a double of the four upstreams."""
