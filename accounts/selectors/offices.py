"""Which office serves a place today, whoever served it before."""

from dataclasses import dataclass

from django.db.models.expressions import RawSQL

from accounts.models import Office

_REACH = """
WITH RECURSIVE reach AS (
    SELECT key FROM accounts_office WHERE key = %s
    UNION SELECT o.key FROM accounts_office o JOIN reach ON o.successor_id = reach.key
) SELECT key FROM reach
"""


@dataclass(frozen=True, slots=True)
class OfficeBook:
    """All offices there ever were: one query, however much is looked up."""

    offices: dict[str, Office]

    def in_force(self, key: str) -> Office:
        """The office that has taken over from this one, after any number of mergers; itself while it stands.
        Raises KeyError."""
        office = self.offices[key]
        while office.successor_id:
            office = self.offices[office.successor_id]
        return office

    def by_province(self) -> dict[str, Office]:
        """GSO code of a province as it was before the 2025 merger → the office that serves it today. Codes
        were given to other territory then, so the office that bore a code first is the one that is meant."""
        first: dict[str, Office] = {}
        for office in sorted(self.offices.values(), key=lambda office: (office.valid_from, office.key)):
            first.setdefault(office.province_code, office)
        return {code: self.in_force(office.key) for code, office in first.items()}


def office_book() -> OfficeBook:
    return OfficeBook(Office.objects.in_bulk())


def reach_of(key: str) -> RawSQL:
    """Keys of the office and of every office it has taken over, for ``office_id__in``: whose settled
    dossiers are its own now."""
    return RawSQL(_REACH, [key])  # noqa: S611 - a constant; the key is a parameter
