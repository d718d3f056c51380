"""What an officer may see: dossiers of the own office, taken from the account, never from the request."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.utils import timezone

from accounts.models import Office, User
from accounts.selectors.offices import reach_of
from portal.lib.identifiers import mobile_phone, parse_reference
from portal.lib.vietnamese import fold
from procedures.domain.lifecycle import OPEN, Status
from procedures.domain.transfers import State
from procedures.models import (
    Attachment,
    Channel,
    CoSignature,
    Dossier,
    InternalNote,
    PaperOriginal,
    SupplementRequest,
)
from procedures.models.search import begins_words, has_words, is_whole
from procedures.selectors.holding import HAS_LAPSED, IS_HELD, NOBODYS

PAGE = 25
NEAREST = (400, 4_000)  # so far a list is read for words that many have: a little first
COUNTED = 100  # how far totals are counted: beyond, "more than 100" is all anybody needs
FOUND = PAGE  # how far what is found is counted: whoever finds more than a page asks for another word
MOST_WORDS = 8  # of one search
EARLIER = 10
ANY_STATUS = "all"
NOBODY = "nobody"


class Age(StrEnum):
    """How near the due date is."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    WITHOUT = "without"  # no due date yet: the clock waits


SOON_DAYS = 3  # of the calendar, after today

# What an officer can ask for; drafts are nobody's business here.
STATUSES = tuple(status for status in Status if status not in (Status.DRAFT, Status.FILED))


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after (or before) this dossier. Work is ordered by due date, soonest
    first; lists with settled dossiers by the moment of filing, newest first."""

    key: date | datetime
    pk: int

    def __str__(self) -> str:
        if isinstance(self.key, datetime):
            return f"{self.key.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}_{self.pk}"
        return f"{self.key.isoformat()}_{self.pk}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """None for anything that isn't a cursor: a mangled address shows the first page."""
        key, _, pk = text.partition("_")
        try:
            if len(key) == len("2019-08-20"):
                return cls(date.fromisoformat(key), int(pk))
            moment = datetime.strptime(key, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
            return cls(moment, int(pk))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Page:
    dossiers: list[Dossier]
    previous: Cursor | None
    next: Cursor | None


class Near(NamedTuple):
    """So much of a dossier is enough to count it, and to find it again."""

    pk: int
    due_on: date | None
    status: str
    search_text: str


@dataclass(frozen=True, slots=True)
class Total:
    """How many dossiers a list has, counted up to ``limit``; ``is_more``: there are others."""

    number: int
    overdue: int
    limit: int = COUNTED
    is_more: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an officer asks the list for. Only narrows; it can't reach out of the office."""

    words: str = ""
    procedure: str = ""
    status: str = ""  # "" for open work, a Status, or ANY_STATUS
    holder: str = ""  # "" for anybody's, NOBODY, or the id of an officer
    age: str = ""  # "" or an Age
    channel: str = ""

    @property
    def is_work(self) -> bool:
        """Whether only open dossiers are asked for."""
        return not self.status or self.status in OPEN


def _of_office(officer: User, reach: Q | None = None) -> QuerySet[Dossier]:
    """The first wall: an officer's office, and only dossiers that have reached it. An account without
    an office sees nothing. What the offices it has taken over had settled is its own too."""
    if not officer.is_officer or officer.office_id is None:
        return Dossier.objects.none()
    in_reach = reach or Q(office_id__in=reach_of(officer.office_id))
    return (
        Dossier.objects.filter(in_reach, queued_at__isnull=False)
        .exclude(status=Status.DRAFT)
        .select_related("filer", "assignee")
        .annotate(is_held=IS_HELD)
    )


def _offices_of_list(officer: User, wanted: Wanted) -> list[str]:
    """Keys of the offices a list is of: nothing open is left at an office that was merged."""
    if officer.office_id is None:
        return []
    if wanted.is_work:
        return [officer.office_id]
    return list(Office.objects.filter(key__in=reach_of(officer.office_id)).values_list("key", flat=True))


def queue_of(
    officer: User,
    wanted: Wanted = Wanted(),
    *,
    after: Cursor | None = None,
    before: Cursor | None = None,
    size: int = PAGE,
) -> Page:
    """One page of the office's queue."""
    return _listing(officer, wanted, size).page(after, before)


def queue_with_total(
    officer: User, wanted: Wanted, *, after: Cursor | None = None, before: Cursor | None = None
) -> tuple[Page, Total]:
    """The same and its total: a search looks once for both."""
    listing = _listing(officer, wanted)
    nearest = listing.nearest(listing.counted + 1)
    return listing.page(after, before, nearest), _total(nearest, listing.counted)


def total_of(officer: User, wanted: Wanted) -> Total:
    listing = _listing(officer, wanted)
    return _total(listing.nearest(listing.counted + 1), listing.counted)


def _total(nearest: list[Near], limit: int) -> Total:
    """What is overdue is due first, so it is among the nearest."""
    today = timezone.localdate()
    overdue = sum(1 for it in nearest if it.due_on and it.due_on < today and it.status in OPEN)
    return Total(len(nearest[:limit]), overdue, limit, is_more=len(nearest) > limit)


def _listing(officer: User, wanted: Wanted, size: int = PAGE) -> "_Listing":
    field = "due_order" if wanted.is_work else "filed_at"
    offices = _offices_of_list(officer, wanted)
    # The index of open work is small: quicker than reading on.
    words = _Words(_search_words(wanted.words), offices, NEAREST[:1] if wanted.is_work else NEAREST)
    return _Listing(_wanted(officer, wanted, offices), words, field, is_rising=wanted.is_work, size=size)


def _as_rows(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Each dossier carries ``person`` (the name in its answers), ``awaited`` (codes of papers that are to
    come by post), ``answer_by`` (while a supplement is) and ``is_doubled`` (the same person has the same
    procedure open twice here)."""
    return dossiers.annotate(
        person=KT("answers__full_name"),
        awaited=ArraySubquery(
            PaperOriginal.objects.expected().filter(dossier=OuterRef("pk")).values("document")
        ),
        answer_by=Subquery(
            SupplementRequest.objects.filter(dossier=OuterRef("pk"), answered_at__isnull=True).values(
                "answer_by"
            )[:1]
        ),
        is_doubled=Exists(
            _same_work(OuterRef("filer"), OuterRef("procedure"), OuterRef("office"), OuterRef("pk"))
        ),
    ).defer("answers", "estimate", "routing", "search_text")


def _same_work(filer: OuterRef, procedure: OuterRef, office: OuterRef, pk: OuterRef) -> QuerySet[Dossier]:
    open_ones = Dossier.objects.filter(status__in=sorted(OPEN), office=office)
    return open_ones.filter(filer=filer, procedure=procedure).exclude(pk=pk)


def _wanted(officer: User, wanted: Wanted, offices: list[str]) -> QuerySet[Dossier]:
    """The list without the words asked for."""
    # Named one by one, so that the one office's index gives the order: few have taken over another.
    dossiers = _of_office(officer, Q(office_id__in=offices))
    if not wanted.status:
        dossiers = dossiers.filter(status__in=sorted(OPEN))
    elif wanted.status != ANY_STATUS:
        dossiers = dossiers.filter(status=wanted.status)
    if wanted.procedure:
        dossiers = dossiers.filter(procedure=wanted.procedure)
    if wanted.channel in Channel.values:
        dossiers = dossiers.filter(channel=wanted.channel)
    return dossiers.filter(_held_by(wanted.holder), _of_age(wanted.age))


def _held_by(holder: str) -> Q:
    if holder == NOBODY:
        return NOBODYS
    return Q(assignee=int(holder)) & ~HAS_LAPSED if holder else Q()


def _of_age(age: str) -> Q:
    today = timezone.localdate()
    soon = today + timedelta(days=SOON_DAYS)
    match age:
        case Age.OVERDUE:
            return Q(due_order__lt=today)
        case Age.TODAY:
            return Q(due_order=today)
        case Age.SOON:
            return Q(due_order__gt=today, due_order__lte=soon)
        case Age.LATER:
            return Q(due_order__gt=soon, due_order__lt=date.max)
        case Age.WITHOUT:
            return Q(due_order=date.max)
    return Q()


def _search_words(words: str) -> list[str]:
    """A reference or a phone number is one word however it is typed; else each word must be there."""
    for read in (parse_reference, mobile_phone):
        try:
            return [fold(str(read(words)))]
        except ValueError:
            continue
    return fold(words).split()[:MOST_WORDS]


@dataclass(frozen=True, slots=True)
class _Words:
    """What is looked for in a list; nothing finds all of it."""

    words: list[str]
    offices: list[str]
    reaches: Sequence[int] = NEAREST

    def first_of(self, dossiers: QuerySet[Dossier], number: int) -> list[Near]:
        """The first of ``dossiers``, which are in order. Words that many have are soon found by reading the nearest,
        words that few have by the index: neither way reads all (docs/decisions/0142)."""
        rows = dossiers.values_list(*Near._fields)
        if not self.words:
            return [Near(*row) for row in rows[:number]]
        if not any(is_whole(word) for word in self.words):
            for reach in self.reaches:
                near = list(rows[:reach])
                found = [Near(*row) for row in near if begins_words(self.words, row[-1])]
                if len(found) >= number or len(near) < reach:
                    return found[:number]
        indexed = rows.exclude(search_text="").filter(has_words(self.words, self.offices))
        return [Near(*row) for row in indexed[:number]]


@dataclass(frozen=True, slots=True)
class _Listing:
    """Dossiers in one order, cut into pages by key: never by offset."""

    dossiers: QuerySet[Dossier]
    words: _Words
    field: str
    is_rising: bool
    size: int

    @property
    def counted(self) -> int:
        return FOUND if self.words.words else COUNTED

    def nearest(self, number: int) -> list[Near]:
        """The first of all."""
        return self.words.first_of(self.dossiers.order_by(*self._order(self.is_rising)), number)

    def page(self, after: Cursor | None, before: Cursor | None, nearest: list[Near] | None = None) -> Page:
        """``nearest``: when they are known already."""
        start = after or before
        is_of_this_list = start and isinstance(start.key, datetime) == (self.field == "filed_at")
        rows = self._beyond(start, is_onward=after is not None) if start and is_of_this_list else []
        if not rows:
            rows = self.nearest(self.size + 1) if nearest is None else nearest
            after = before = None
        is_more = len(rows) > self.size
        shown = self._whole(rows[: self.size])
        if not shown:
            return Page([], None, None)
        has_previous, has_next = (is_more, True) if before and not after else (after is not None, is_more)
        return Page(
            shown,
            self._cursor(shown[0]) if has_previous else None,
            self._cursor(shown[-1]) if has_next else None,
        )

    def _whole(self, rows: list[Near]) -> list[Dossier]:
        dossiers = _as_rows(self.dossiers.filter(pk__in=[row.pk for row in rows]))
        return list(dossiers.order_by(*self._order(self.is_rising)))

    def _beyond(self, start: Cursor, *, is_onward: bool) -> list[Near]:
        is_rising = self.is_rising is is_onward
        side = "gt" if is_rising else "lt"
        beyond = Q(**{f"{self.field}__{side}": start.key}) | Q(
            **{self.field: start.key, f"pk__{side}": start.pk}
        )
        # Redundant, but it is what lets the index begin at the cursor.
        near = self.dossiers.filter(beyond, **{f"{self.field}__{side}e": start.key})
        return self.words.first_of(near.order_by(*self._order(is_rising)), self.size + 1)

    def _order(self, is_rising: bool) -> tuple[str, str]:
        return (self.field, "pk") if is_rising else (f"-{self.field}", "-pk")

    def _cursor(self, dossier: Dossier) -> Cursor:
        return Cursor(getattr(dossier, self.field), dossier.pk)


def dossier_in_office(officer: User, public_id: UUID) -> Dossier:
    """The dossier with the answers that were signed last: what a filer is typing for a supplement isn't
    shown before it is signed. Raises Dossier.DoesNotExist when there is none, or it is another office's."""
    dossier = _of_office(officer).select_related("office").get(public_id=public_id)
    return with_signed_answers(dossier)


def with_signed_answers(dossier: Dossier) -> Dossier:
    """The same dossier, its answers being those signed last. Not to be saved."""
    signed = dossier.filings.latest("number")
    dossier.answers = json.loads(bytes(signed.signed_content))["answers"]
    return dossier


def attachment_in_office(officer: User, public_id: UUID) -> Attachment:
    """A signed file of a dossier of the own office, or of one that is being handed to it. Raises
    Attachment.DoesNotExist otherwise."""
    incoming = Q(dossier__transfers__to_office=officer.office_id, dossier__transfers__state=State.SENT)
    own = Q(dossier__in=_of_office(officer))
    may_read = own | incoming if officer.is_officer and officer.office_id else own
    signed = Attachment.objects.select_related("dossier").filter(may_read, filing_number__isnull=False)
    return signed.distinct().get(public_id=public_id)


def signed_attachments(dossier: Dossier) -> list[Attachment]:
    """The files of every signed filing, oldest first."""
    return list(dossier.attachments.filter(filing_number__isnull=False).order_by("pk"))


def co_signatures_of(dossier: Dossier) -> list[CoSignature]:
    """Signatures given beside the filer's that still hold."""
    signed = dossier.co_signatures.filter(signed_at__isnull=False, voided_at__isnull=True)
    return list(signed.select_related("signer"))


def notes_between_officers(dossier: Dossier) -> list[InternalNote]:
    """Newest first. For officers of the dossier's office only: no page, paper or export of the filer may
    call this."""
    return list(dossier.internal_notes.select_related("by").order_by("-pk"))


def earlier_dossiers(officer: User, dossier: Dossier) -> list[Dossier]:
    """Others of the same person and procedure in the same office, newest first."""
    offices = _offices_of_list(officer, Wanted(status=ANY_STATUS))
    reach = Q(office_id__in=offices)  # named one by one: PostgreSQL can't tell how few a subquery finds
    same = _as_rows(_of_office(officer, reach)).filter(filer_id=dossier.filer_id, procedure=dossier.procedure)
    return list(same.exclude(pk=dossier.pk).order_by(F("filed_at").desc(), "-pk")[:EARLIER])
