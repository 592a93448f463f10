"""The Robyn application and its adapter onto Granian."""
