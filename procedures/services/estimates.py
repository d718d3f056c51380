"""The estimate of a dossier's benefit, and its form in the database."""

import json
from datetime import date
from typing import Any

from procedures.domain.answers import relevant_answers
from procedures.domain.conditions import Answers
from procedures.domain.definition import Procedure
from procedures.domain.estimate import Estimate
from procedures.models import Dossier
from procedures.selectors.definitions import procedure_of
from procedures.services.calendar import legal_date

_SHOWN = ("label", "working", "value", "basis", "is_unsure")


def estimate_of(dossier: Dossier) -> Estimate | None:
    """Reckoned from the answers as they are; None where the procedure has no formula."""
    return estimate_for(procedure_of(dossier), dossier.answers)


def estimate_for(procedure: Procedure, answers: Answers) -> Estimate | None:
    """Reckoned from answers that need not be saved yet."""
    if procedure.estimate is None:
        return None
    return procedure.estimate(relevant_answers(procedure, answers), legal_date())


def stored_estimate(dossier: Dossier) -> dict[str, Any] | None:
    """As kept with the dossier when it is filed: every line with its article, and the date of the rules."""
    estimate = estimate_of(dossier)
    if estimate is None:
        return None
    return {**_stored(estimate), "legal_date": legal_date().isoformat()}


def filed_estimate(dossier: Dossier) -> Estimate | None:
    """The estimate kept with a filed dossier, with how its lines follow from each other: reckoned once more
    from what was signed first, by the rules of that day. None where it comes out otherwise now, or there is
    none, so that nothing is ever built on another estimate than the filer saw."""
    kept, procedure = dossier.estimate, procedure_of(dossier)
    if not kept or procedure.estimate is None or "legal_date" not in kept:
        return None
    signed = json.loads(bytes(dossier.filings.get(number=1).signed_content))["answers"]
    day = date.fromisoformat(kept["legal_date"])
    again = procedure.estimate(relevant_answers(procedure, signed), day)
    return again if {**_stored(again), "legal_date": kept["legal_date"]} == kept else None


def _stored(estimate: Estimate) -> dict[str, Any]:
    """What the filer is shown, and nothing of how it follows."""
    return {
        "lines": [{name: getattr(line, name) for name in _SHOWN} for line in estimate.lines],
        "total_vnd": estimate.total_vnd,
        "unavailable": estimate.unavailable,
        "per_month": estimate.per_month,
    }
