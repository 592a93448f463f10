"""Clients of what lies outside the cluster's API: the management API of a service, and Cloudflare's."""
