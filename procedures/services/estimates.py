"""The estimate of a dossier's benefit, and its form in the database."""

from dataclasses import asdict
from typing import Any

from procedures.domain.answers import relevant_answers
from procedures.domain.conditions import Answers
from procedures.domain.definition import Procedure
from procedures.domain.estimate import Estimate
from procedures.models import Dossier
from procedures.selectors.definitions import procedure_of
from procedures.services.calendar import legal_date


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
    return {**asdict(estimate), "legal_date": legal_date().isoformat()}
