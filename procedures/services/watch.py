"""Looks after the portal once a minute, from a worker and from the sweeper: each is told of when the other
one is dead."""

from accounts.services import alarms, texts
from procedures.selectors import health


def look() -> int:
    """Sound an alarm for whatever isn't well, and end those that are over. Returns how many things aren't."""
    found = health.signs()
    for sign in found:
        if sign.is_well:
            alarms.clear(sign.kind, sign.subject)
        else:
            alarms.sound(sign.kind, sign.subject, detail=sign.detail)
    texts.look()
    return sum(not sign.is_well for sign in found)
