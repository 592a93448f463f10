import logging
import traceback

import pytest

from openposterdb.demo.double import UpstreamDouble
from openposterdb.demo.faults import Fault, FaultKind
from openposterdb.domain import TitleId
from openposterdb.errors import UpstreamError
from openposterdb.upstreams import policy
from openposterdb.upstreams.calls import Caller, Wire
from openposterdb.upstreams.tmdb import Tmdb
from openposterdb.upstreams.transport import Question

SECRET = "s3cr3t-key"


@pytest.mark.parametrize("kind", [FaultKind.STATUS, FaultKind.RESET, FaultKind.HTML, FaultKind.REDIRECT_LOOP])
async def test_no_failure_tells_the_key_or_the_url(
    double: UpstreamDouble, wire: Wire, caplog: pytest.LogCaptureFixture, kind: FaultKind
) -> None:
    logging.getLogger().setLevel(logging.DEBUG)
    tmdb = Tmdb(
        Caller("tmdb", wire, policy.TMDB_API, budget=12),
        base_url=double.environment()["TMDB_API_BASE_URL"],
        key=SECRET,
    )
    double.add_fault(Fault(kind=kind))
    with caplog.at_level(logging.INFO), pytest.raises(UpstreamError) as caught:
        await tmdb.details(TitleId("movie", 9000101))
    told = caplog.text + "".join(traceback.format_exception(caught.value))
    assert SECRET not in told
    assert double.base_url not in told


async def test_a_successful_call_is_not_logged_either(
    double: UpstreamDouble, wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    question = Question(f"{double.base_url}/tmdb/3/configuration", "configuration", {"api_key": SECRET})
    with caplog.at_level(logging.INFO):
        await Caller("tmdb", wire, policy.TMDB_API, budget=12).ask(question)
    assert SECRET not in caplog.text
    assert SECRET not in repr(question)
