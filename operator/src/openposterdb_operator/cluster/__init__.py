"""The API server: kinds, requests, permissions, the Lease."""
