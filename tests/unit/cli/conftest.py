import os

import pytest
from typer.testing import CliRunner

from openposterdb.cli.app import app
from openposterdb.config import Environment
from openposterdb.demo.double import run_in_background

VARIABLES = {name.upper() for name in Environment.model_fields} | {"POSTER_QUALITY"}


@pytest.fixture
def variables(tmp_path, monkeypatch):
    """Sets environment variables in a folder of its own; nothing of the machine's configuration is left."""
    monkeypatch.chdir(tmp_path)
    for name in VARIABLES & os.environ.keys():
        monkeypatch.delenv(name)

    def configure(**values):
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    configure(DB_DIR=str(tmp_path / "db"), CACHE_DIR=str(tmp_path / "cache"), LISTEN_ADDR="127.0.0.1:0")
    return configure


@pytest.fixture
def run(variables, monkeypatch):
    """Runs a command in this process; an exception that escapes it is raised, as the traceback that it would be.

    Logging stays as it is: what a command configures would outlive it, and hide from other tests what is logged there.
    """
    monkeypatch.setattr("openposterdb.cli.warming.configure_logging", lambda **_: None)
    runner = CliRunner()

    def command(*arguments, piped=None):
        result = runner.invoke(app, list(arguments), input=piped)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return command


@pytest.fixture(scope="session")
def double():
    with run_in_background() as environment:
        yield dict(environment)
