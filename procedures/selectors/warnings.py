"""Warnings a filer has still to read and confirm."""

from procedures.domain.answers import broken_rules
from procedures.domain.definition import Rule, Step
from procedures.models import Dossier
from procedures.selectors.definitions import legal_day_of, procedure_of


def open_warnings(dossier: Dossier, step: Step) -> list[Rule]:
    """The warnings beside questions of this step that the filer hasn't confirmed."""
    own = {question.name for question in step.questions}
    return [
        rule
        for rule in broken_rules(procedure_of(dossier), dossier.answers, legal_day_of(dossier))
        if rule.is_warning and rule.question in own and rule.name not in dossier.confirmed_warnings
    ]
