"""Pure decisions over what exists: problems, conditions, drift, pruning. Nothing here talks to a cluster."""
