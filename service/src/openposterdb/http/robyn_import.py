"""Robyn, imported and constructed without its effects on the rest of the process.

Importing `robyn` parses `sys.argv` (abbreviations included: `--log` or `--version` of another command would be taken for
its own and could end the process), and so does every `Config()`. Constructing a `Robyn` calls `logging.basicConfig`. This
module is imported by the package's `__init__`, hence before anything in `openposterdb.http` can import robyn: the modules
here simply say `from robyn import ...`, and the command line and the logging of the process stay its owner's.
"""

import contextlib
import logging
import sys
from collections.abc import Generator


@contextlib.contextmanager
def without_arguments() -> Generator[None]:
    """Hide the process's command line while the body runs."""
    kept = sys.argv
    sys.argv = kept[:1]
    try:
        yield
    finally:
        sys.argv = kept


with without_arguments():
    import robyn
    from robyn import Robyn
    from robyn.argument_parser import Config
    from robyn.dependency_injection import DependencyMap
    from robyn.openapi import OpenAPI

__all__ = ["new_app", "robyn", "without_arguments"]


def new_app(*, openapi: bool = False) -> Robyn:
    """An application that shares nothing with another one: Robyn's defaults are mutable and common to all apps.

    `openapi` adds Robyn's generated `/openapi.json` and `/docs` (the page loads its scripts from a public CDN).
    """
    with without_arguments():
        config = Config()
    config.disable_openapi = not openapi
    config.log_level = "WARN"  # the one spelling at which Robyn does not announce its own server
    logging.getLogger("robyn").setLevel(logging.WARNING)  # it reports every route it is given
    with _root_logging_untouched():
        return Robyn(__file__, config=config, openapi=OpenAPI() if openapi else None, dependencies=DependencyMap())


@contextlib.contextmanager
def _root_logging_untouched() -> Generator[None]:
    """`logging.basicConfig` does nothing while the root logger has a handler."""
    placeholder = logging.NullHandler()
    logging.root.addHandler(placeholder)
    try:
        yield
    finally:
        logging.root.removeHandler(placeholder)
