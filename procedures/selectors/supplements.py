"""What a supplement request asks for, thing by thing, each with its reason."""

from dataclasses import dataclass

from procedures.domain.checklist import Item, asked_items
from procedures.models import SupplementRequest
from procedures.selectors.definitions import procedure_of


@dataclass(frozen=True, slots=True)
class Asked:
    """``reason`` is "" in an old request, which has one reason for everything."""

    item: Item
    reason: str

    def __str__(self) -> str:
        return f"{self.item.title}: {self.reason}" if self.reason else self.item.title


def asked_in(request: SupplementRequest) -> list[Asked]:
    """Papers first, in the order the officer was shown them."""
    items = asked_items(procedure_of(request.dossier), request.documents, request.questions)
    return [Asked(item, request.reasons.get(item.code, "")) for item in items]


def reason_in_words(request: SupplementRequest) -> str:
    """Every reason with what it is about, a line each; of an old request its one reason."""
    return request.reason or "\n".join(str(asked) for asked in asked_in(request))
