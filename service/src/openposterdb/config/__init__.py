"""Every environment variable, typed and checked at start."""

from openposterdb.config.addresses import Bind, Quota, RateLimit
from openposterdb.config.environment import DatabaseEnvironment, Environment
from openposterdb.config.loading import ConfigurationError, load, load_database

__all__ = [
    "Bind",
    "ConfigurationError",
    "DatabaseEnvironment",
    "Environment",
    "Quota",
    "RateLimit",
    "load",
    "load_database",
]
