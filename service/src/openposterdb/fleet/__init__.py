"""Many replicas that act as one, by way of Redis; without it, or while it is away, each is complete on its own."""
