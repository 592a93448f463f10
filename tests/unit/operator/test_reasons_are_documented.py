"""docs/kubernetes.md lists every reason as the code explains it. UPDATE_DOCS=1 writes the table."""

import os
import re
from pathlib import Path

from openposterdb_operator.decide.reasons import Reason

PAGE = Path(__file__).parents[3] / "docs/kubernetes.md"
BETWEEN = re.compile(r"(?<=<!-- reasons -->\n).*?(?=<!-- /reasons -->)", re.DOTALL)


def test_the_table_of_reasons_is_up_to_date():
    rows = "".join(f"| `{reason.value}` | {reason.meaning} |\n" for reason in Reason)
    table = f"\n| reason | meaning |\n|---|---|\n{rows}\n"
    text = PAGE.read_text()
    if os.environ.get("UPDATE_DOCS"):
        PAGE.write_text(BETWEEN.sub(lambda _: table, text))
        return
    assert BETWEEN.search(text)[0] == table, "run this test with UPDATE_DOCS=1"
