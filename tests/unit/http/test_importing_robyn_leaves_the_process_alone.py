import subprocess
import sys

import pytest

CHECK = """
import logging, sys
before = list(sys.argv)
import openposterdb.http
from openposterdb.http.robyn_import import new_app
one, two = new_app(), new_app(openapi=True)
assert sys.argv == before, sys.argv
assert not logging.root.handlers, logging.root.handlers
assert logging.root.level == logging.WARNING
assert one.config is not two.config
assert one.dependencies is not two.dependencies
one.inject_global(a=1)
assert not two.dependencies.get_global_dependencies()
assert one.openapi is None and two.openapi is not None
print("fine")
"""


@pytest.mark.parametrize(
    "arguments", [["keys", "create", "x"], ["--version"], ["--help"], ["--log"], ["--workers", "many"], ["--dev"]]
)
def test_any_command_line_is_left_alone(arguments):
    result = subprocess.run(
        [sys.executable, "-c", CHECK, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "fine\n", "")
