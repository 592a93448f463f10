"""Which picture, which download, validated base images."""
