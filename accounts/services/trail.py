"""Every try to prove who one is, as one line of the log: what was tried, by which factor, how it ended, whose account.

The account stands there by its public id: nothing readable, and never what was typed (docs/decisions/0130).
"""

import logging
from typing import Literal

from accounts.models import User

logger = logging.getLogger(__name__)

Act = Literal["log in", "log out", "activate", "sign", "change password", "end sessions"]
Factor = Literal["password", "app", "activation code", "code", "card", "none"]
Outcome = Literal["accepted", "refused", "too many tries"]


def note(act: Act, outcome: Outcome, factor: Factor = "none", person: User | None = None) -> None:
    """``person``: whose account it was about; None where the login belongs to nobody."""
    whose = person.public_id if person else "nobody"
    level = logging.INFO if outcome == "accepted" else logging.WARNING
    logger.log(level, "authentication: %s by %s %s, account %s", act, factor, outcome, whose)
