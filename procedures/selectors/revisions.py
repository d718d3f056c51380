"""Where an officer departs from the estimate of a dossier, beside the estimate itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from procedures.models import Dossier, EstimateRevision

TOTAL = "Số tiền"  # label of the amount, beside the lines


@dataclass(frozen=True, slots=True)
class RevisedLine:
    """A line of the estimate as it was, and what stands for it now."""

    number: int | None  # None: the amount
    label: str
    working: str
    before: str
    basis: str
    after: str = ""  # what was typed
    reason: str = ""
    follows: str = ""  # what the portal reckoned from other lines instead


def revisions_of(dossier: Dossier) -> list[EstimateRevision]:
    """Oldest first."""
    return list(dossier.revisions.select_related("by"))


def current_revision(dossier: Dossier) -> EstimateRevision | None:
    """The one that counts, also when it goes back to the estimate."""
    return dossier.revisions.select_related("by").order_by("-pk").first()


def amount_of(dossier: Dossier, revision: EstimateRevision | None) -> int | None:
    """In đồng: the revised amount, else the estimated one."""
    if revision is not None and revision.total_vnd is not None:
        return revision.total_vnd
    total = (dossier.estimate or {}).get("total_vnd")
    return total if isinstance(total, int) else None


def reckoned_amount(revision: EstimateRevision | None) -> int | None:
    """In đồng, where the portal reckoned it from changed lines; None where people type it."""
    if revision is None or any(line["line"] is None for line in revision.lines):
        return None
    return revision.total_vnd


def revised_lines(estimate: dict[str, Any], changes: Sequence[dict[str, Any]]) -> list[RevisedLine]:
    """Every line of the estimate, those that were changed with what stands for them."""
    by_line = {change["line"]: change for change in changes if not change.get("follows")}
    follows = {change["line"]: change["after"] for change in changes if change.get("follows")}
    return [
        RevisedLine(
            number,
            line["label"],
            line["working"],
            line["value"],
            line["basis"],
            by_line.get(number, {}).get("after", ""),
            by_line.get(number, {}).get("reason", ""),
            follows.get(number, ""),
        )
        for number, line in enumerate(estimate["lines"])
    ]
