"""docs/kubernetes.md lists every reason, field and example as the code has them. UPDATE_DOCS=1 writes the tables."""

import os
import re
from pathlib import Path

import pytest

from openposterdb_operator.chart.tables import fields
from openposterdb_operator.crd.schema import structural_schema
from openposterdb_operator.decide.reasons import Reason
from openposterdb_operator.model import OpenPosterDBSpec, PosterKeySpec

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs/kubernetes.md"
EXAMPLES = ROOT / "charts/openposterdb/examples"


def reasons():
    rows = "".join(f"| `{reason.value}` | {reason.meaning} |\n" for reason in Reason)
    return f"| reason | meaning |\n|---|---|\n{rows}"


def examples():
    """The first line of each is a comment that says what it is."""
    files = sorted(EXAMPLES.glob("*.yaml"))
    first = {path: path.read_text().splitlines()[0] for path in files}
    assert all(line.startswith("# ") for line in first.values())
    rows = "".join(
        f"| [{path.name}](../charts/openposterdb/examples/{path.name}) | {line[2:]} |\n" for path, line in first.items()
    )
    return f"| file | what it is |\n|---|---|\n{rows}"


TABLES = {
    "examples": examples,
    "reasons": reasons,
    "fields opdb": lambda: fields(structural_schema(OpenPosterDBSpec)),
    "fields pkey": lambda: fields(structural_schema(PosterKeySpec)),
}


@pytest.mark.parametrize("name", TABLES)
def test_the_table_is_up_to_date(name):
    between = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)", re.DOTALL)
    text, table = PAGE.read_text(), f"\n{TABLES[name]()}\n"
    if os.environ.get("UPDATE_DOCS"):
        PAGE.write_text(between.sub(lambda _: table, text))
        return
    assert between.search(text)[0] == table, "run this test with UPDATE_DOCS=1"


LINKS = [
    (path, link)
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "charts").glob("*/*.md")))
    for link in re.findall(r"\]\(([^)\s]+)\)", path.read_text())
    if "://" not in link
]


@pytest.mark.parametrize(("page", "link"), LINKS, ids=lambda value: getattr(value, "name", value))
def test_every_link_leads_somewhere(page, link):
    file, _, anchor = link.partition("#")
    target = page.parent / file if file else page
    assert target.exists()
    if anchor:
        headings = re.findall(r"^#+ (.*)$", target.read_text(), re.MULTILINE)
        assert anchor in {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_demo_runs_the_image_of_this_release():
    version = re.search(r"^appVersion: (.*)$", (ROOT / "charts/openposterdb/Chart.yaml").read_text(), re.MULTILINE)[1]
    assert f"image: openposterdb/openposterdb:{version}\n" in (EXAMPLES / "demo.yaml").read_text()
