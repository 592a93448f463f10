"""Every environment variable, typed and checked at start."""

from openposterdb.config.addresses import Bind, RateLimit
from openposterdb.config.environment import Environment
from openposterdb.config.loading import ConfigurationError, load

__all__ = ["Bind", "ConfigurationError", "Environment", "RateLimit", "load"]
