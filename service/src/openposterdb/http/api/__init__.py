"""The management API: typed functions, from whose annotations requests are checked and the OpenAPI document is made."""
