"""Conditional requests: whether `If-None-Match` names the entity tag that we have."""


def matches(if_none_match: str, etag: str) -> bool:
    """Whether a 304 may be sent: weak comparison (RFC 9110, 8.8.3.2) with `*`, one tag or a list of them."""
    if if_none_match == etag:
        return True
    value = if_none_match.strip()
    if value == "*":
        return True
    opaque = etag.removeprefix("W/")
    return any(tag == opaque for tag in _opaque_tags(value))


def _opaque_tags(value: str) -> list[str]:
    """The quoted parts of the list, their weakness aside; a tag may itself contain a comma. Ends at nonsense."""
    tags: list[str] = []
    at = 0
    while at < len(value):
        if value[at] in " \t,":
            at += 1
            continue
        if value.startswith("W/", at):
            at += 2
        if not value.startswith('"', at):
            break
        end = value.find('"', at + 1)
        if end < 0:
            break
        tags.append(value[at : end + 1])
        at = end + 1
    return tags
