"""The services that art and ratings come from: one module each, on one HTTP client with retries, budgets and circuits."""
