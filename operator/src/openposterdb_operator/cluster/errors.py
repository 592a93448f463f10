"""How the API server may answer other than with what was asked for."""


class ClusterError(Exception):
    """A request that did not do what it should; the message is the API server's."""


class Refused(ClusterError):
    """The object is wrong: asking again changes nothing."""


class Forbidden(ClusterError):
    """The operator may not do it, or a quota or an admission policy stands against it."""


class Conflict(ClusterError):
    """Somebody else was faster: look again."""


class Unavailable(ClusterError):
    """The API server does not answer, or not now."""
