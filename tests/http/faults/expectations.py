"""The table: what a client gets when one upstream fails in one way."""

from openposterdb.demo.faults import Fault, FaultKind, Service

FAULTS = {
    "404": Fault(kind=FaultKind.STATUS, status=404),
    "401": Fault(kind=FaultKind.STATUS, status=401),
    "500": Fault(kind=FaultKind.STATUS, status=500),
    "429": Fault(kind=FaultKind.STATUS, status=429, retry_after="7"),
    "hang": Fault(kind=FaultKind.HANG),
    "reset": Fault(kind=FaultKind.RESET),
    "short body": Fault(kind=FaultKind.SHORT_BODY),
    "HTML": Fault(kind=FaultKind.HTML),
    "empty": Fault(kind=FaultKind.EMPTY),
    "redirect elsewhere": Fault(kind=FaultKind.REDIRECT_ELSEWHERE),
    "redirect loop": Fault(kind=FaultKind.REDIRECT_LOOP),
    "truncated JSON": Fault(kind=FaultKind.TRUNCATED_JSON),
    "truncated picture": Fault(kind=FaultKind.TRUNCATED_PICTURE),
    "corrupt picture": Fault(kind=FaultKind.CORRUPT_PICTURE),
    "huge picture": Fault(kind=FaultKind.HUGE_HEADER),
    "PNG bomb": Fault(kind=FaultKind.PNG_BOMB),
    "scan bomb": Fault(kind=FaultKind.SCAN_BOMB),
}
ODD_PICTURES = {
    "CMYK": Fault(kind=FaultKind.CMYK),
    "progressive": Fault(kind=FaultKind.PROGRESSIVE),
    "16-bit PNG": Fault(kind=FaultKind.SIXTEEN_BIT_PNG),
    "transparent PNG": Fault(kind=FaultKind.TRANSPARENT_PNG),
}
STATUSES = {"404": 404, "429": 503, "hang": 504}
"""Of a request that cannot be answered without the failing upstream; 502 for every other fault."""

FAILS, WHOLE, SUBSTITUTE, DEGRADED = "fails", "whole", "substitute", "degraded"

EFFECTS = {
    Service.TMDB: {"poster": FAILS, "Fanart poster": FAILS, "logo": FAILS, "backdrop": FAILS},
    Service.TMDB_IMAGES: {"poster": FAILS, "Fanart poster": WHOLE, "logo": WHOLE, "backdrop": WHOLE},
    Service.FANART: {"poster": WHOLE, "Fanart poster": SUBSTITUTE, "logo": FAILS, "backdrop": FAILS},
    Service.FANART_IMAGES: {"poster": WHOLE, "Fanart poster": SUBSTITUTE, "logo": FAILS, "backdrop": FAILS},
    Service.MDBLIST: {"poster": DEGRADED, "Fanart poster": DEGRADED, "logo": DEGRADED, "backdrop": DEGRADED},
    Service.OMDB: {"poster": DEGRADED, "Fanart poster": DEGRADED, "logo": DEGRADED, "backdrop": DEGRADED},
}
"""WHOLE: as if nothing were wrong. SUBSTITUTE: TMDB's poster for Fanart's. DEGRADED: without the badges of one provider."""

ONLY_PICTURES = {"truncated picture", "corrupt picture", "huge picture", "PNG bomb", "scan bomb"}
ANSWERS_NOT_FAILURES = {(Service.FANART, "404"), (Service.MDBLIST, "404"), (Service.OMDB, "404")}
"""How these services say that they know nothing of a title."""

CASES = [
    (service, name)
    for service in EFFECTS
    for name in FAULTS
    if (service, name) not in ANSWERS_NOT_FAILURES
    and not (name in ONLY_PICTURES and not service.serves_pictures)
    and not (name == "truncated JSON" and service.serves_pictures)
]


def status_of(effect: str, name: str) -> int:
    return STATUSES.get(name, 502) if effect == FAILS else 200
