"""Pure builders: a spec and its context in, manifests out. Nothing here talks to a cluster."""
