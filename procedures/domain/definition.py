"""What a procedure is made of. One file in ``catalogue/`` fills these in, top to bottom, like the
published procedure sheet; forms, papers, routing, due dates and the lawyer's page all follow from it.

Vietnamese terms: docs/glossary.md. Nothing here knows about widgets, pages or tables.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from procedures.domain.conditions import ALWAYS, Answers, Condition
from procedures.domain.estimate import Estimate


class Certainty(StrEnum):
    """How sure a legal fact is (the marks of the facts file)."""

    SOURCE = "src"  # a source was read and says so
    KNOWN = "known"  # well established, no source read
    CROSSCHECKED = "known_crosschecked"  # from memory, consistent with a second source
    UNSURE = "unsure"  # shown to citizens as "chưa kiểm chứng"


@dataclass(frozen=True, slots=True)
class Basis:
    """Căn cứ pháp lý: where a rule, paper or limit comes from."""

    source: str
    article: str = ""
    certainty: Certainty = Certainty.SOURCE

    @property
    def is_unsure(self) -> bool:
        return self.certainty is Certainty.UNSURE

    def __str__(self) -> str:
        return f"{self.article} {self.source}".strip()


class Kind(StrEnum):
    """What sort of answer a question takes; forms/fields.py has one form field a kind."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NAME = "name"  # họ và tên
    DATE = "date"  # stored "YYYY-MM-DD"
    MONTH = "month"  # stored "YYYY-MM"
    CHOICE = "choice"
    YES_NO = "yes_no"
    INTEGER = "integer"
    MONEY = "money"  # whole đồng
    DECIMAL = "decimal"  # stored as text with a point, e.g. a salary coefficient "3.33"
    IDENTITY_NUMBER = "identity_number"  # CMND 9, CCCD 12 digits, or passport
    BHXH_NUMBER = "bhxh_number"  # mã số BHXH, 10 digits
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"  # stored {"province", "district", "commune": GSO codes, "street"}
    PROVINCE = "province"  # stored as an office key
    BANK = "bank"
    BANK_ACCOUNT = "bank_account"
    TABLE = "table"  # repeating rows: a list of dicts keyed by column name


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    help: str = ""


@dataclass(frozen=True)
class Question:
    """One question of the form, in the words of the form."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    help: str = ""
    required: bool = True
    when: Condition = ALWAYS
    choices: tuple[Choice, ...] = ()
    columns: tuple["Question", ...] = ()  # of a TABLE
    max_rows: int = 60  # of a TABLE
    row_name: str = "dòng"  # of a TABLE: what one row is, e.g. "giai đoạn"
    minimum: int | None = None  # of an INTEGER or MONEY
    maximum: int | None = None
    not_future: bool = False  # of a DATE or MONTH
    prefill: str = ""  # a field of the filer's registration, e.g. "full_name"
    basis: Basis | None = None
    repeats: bool = False  # of a column: a new row begins with the answer of the row above


@dataclass(frozen=True)
class Step:
    """One page of the form."""

    name: str
    title: str
    questions: tuple[Question, ...]
    intro: str = ""
    when: Condition = ALWAYS
    shows_estimate: bool = False  # the estimate stands beside this step


class Copy(StrEnum):
    """Which kind of copy the law asks for."""

    ORIGINAL = "chinh"
    COPY = "sao"
    PHOTOCOPY = "chup"
    CERTIFIED_TRANSLATION = "dich_cong_chung"


@dataclass(frozen=True)
class Document:
    """Thành phần hồ sơ: a paper of the dossier (definition; the uploaded file is an Attachment)."""

    code: str
    name: str
    copy: Copy
    basis: Basis
    form: str = ""  # số mẫu, e.g. "14-HSB"
    when: Condition = ALWAYS
    condition_note: str = ""  # when the law's condition is wider than the answers, in words
    one_of: str = ""  # papers of one group: any one of them is enough
    filled_here: bool = False  # the portal fills the form in from the answers; nothing to upload
    may_follow_on_paper: bool = True  # "bản giấy gửi sau"
    required: bool = True  # False: only if the person has it
    note: str = ""


@dataclass(frozen=True)
class DocumentGroup:
    """What papers of one ``one_of`` group are together called."""

    code: str
    name: str


@dataclass(frozen=True)
class Branch:
    """A case the procedure distinguishes (nhóm đối tượng), with the condition in the law's words."""

    code: str
    name: str
    condition: str
    basis: Basis
    when: Condition
    note: str = ""


class Unit(StrEnum):
    WORKING_DAY = "working_days"
    DAY = "days"


@dataclass(frozen=True)
class Deadline:
    """Thời hạn giải quyết, from the complete dossier."""

    value: int
    unit: Unit
    basis: Basis
    is_service: bool = False  # BHXH's own shorter limit; the other is the statutory one
    when: Condition = ALWAYS
    note: str = ""
    is_later_rule: bool = False  # of a later sheet: printed for the lawyer, never promised


@dataclass(frozen=True)
class FilingLimit:
    """Thời hạn nộp: how long after the event the dossier should be filed."""

    words: str
    basis: Basis
    days: int | None = None  # calendar days after the date in ``since``
    since: str = ""  # name of the DATE question it runs from
    late_document: str = ""  # code of the paper that explains a late filing


@dataclass(frozen=True)
class Route:
    """Cơ quan có thẩm quyền: the office named by the answer to ``question`` when ``when`` holds."""

    question: str  # an ADDRESS or PROVINCE question
    words: str  # why this office, as stored on the dossier and shown
    basis: Basis
    when: Condition = ALWAYS


@dataclass(frozen=True)
class Result:
    name: str
    basis: Basis
    form: str = ""


@dataclass(frozen=True)
class Refusal:
    """A ground of refusal an officer may choose, with ready wording for the citizen."""

    code: str
    words: str
    basis: Basis


@dataclass(frozen=True)
class Rule:
    """A rule over several answers. ``broken`` says whether these answers break it."""

    name: str
    question: str  # where the message stands
    message: str
    broken: Callable[[Answers, date], bool]  # (answers, the legal day)
    basis: Basis | None = None
    is_warning: bool = False  # a warning is confirmed by the filer, never a wall
    when: Condition = ALWAYS
    column: str = ""  # of a TABLE: where the message stands in the rows that break it
    rows: Callable[[Answers, date], tuple[int, ...]] | None = None  # which these are, from 0


class Verdict(StrEnum):
    LIKELY = "likely"
    UNLIKELY = "unlikely"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True)
class Criterion:
    """One line of the pre-check: if it holds, this is the verdict and this is why."""

    when: Condition
    verdict: Verdict
    words: str
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Precheck:
    """Tự kiểm tra: a few questions before the form. First criterion that holds decides; if none
    does, nobody can tell. It never bars a filing."""

    questions: tuple[Question, ...]
    criteria: tuple[Criterion, ...]


NO_FEE = Basis("các bản công bố thủ tục hành chính (Hà Nam BHXH_003; Ninh Bình 2.000762)")


@dataclass(frozen=True)
class CoSigners:
    """Người cùng ký: rows of a TABLE whose people must sign the same digest, each with an own code."""

    table: str
    name_column: str
    bhxh_number_column: str  # what the person logs in with
    when: Condition  # over the row: this person signs on the portal
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """Thủ tục hành chính, in one edition (phiên bản quy định)."""

    code: str
    edition: str  # e.g. "2019"
    valid_from: date
    valid_to: date | None
    order: int  # place in the list of Decision 846/QĐ-TTg
    name: str
    plain_name: str  # in the words people use
    summary: str  # one sentence for the list
    legal_basis: tuple[Basis, ...]
    who_may_file: str
    who_basis: Basis
    branches: tuple[Branch, ...]
    steps: tuple[Step, ...]
    documents: tuple[Document, ...]
    deadlines: tuple[Deadline, ...]
    routes: tuple[Route, ...]
    agency: str
    agency_basis: Basis
    results: tuple[Result, ...]
    refusals: tuple[Refusal, ...]
    form: str  # main form number
    fee: int = 0  # đồng
    fee_basis: Basis = NO_FEE
    filing_limit: FilingLimit | None = None
    onward: Route | None = None  # a second office the dossier goes on to (di chuyển)
    rules: tuple[Rule, ...] = ()
    precheck: Precheck | None = None
    co_signers: CoSigners | None = None
    estimate: Callable[[Answers, date], Estimate] | None = None  # (answers, legal date)
    formula: str = ""  # in words, for the sheet
    changes_since: tuple[tuple[date, str, Basis], ...] = ()
    keywords: str = ""  # other words people search with
    groups: tuple[DocumentGroup, ...] = ()  # names for the ``one_of`` groups of the papers

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for step in self.steps for question in step.questions)

    def question(self, name: str) -> Question:
        """The question of that name. Raises KeyError."""
        for question in self.questions:
            if question.name == name:
                return question
        raise KeyError(name)

    def step(self, name: str) -> Step:
        """The step of that name. Raises KeyError."""
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(name)

    def document(self, code: str) -> Document:
        """The paper of that code. Raises KeyError."""
        for document in self.documents:
            if document.code == code:
                return document
        raise KeyError(code)

    def group_name(self, code: str) -> str:
        """What a ``one_of`` group is called; the code itself if it has no name."""
        return next((group.name for group in self.groups if group.code == code), code)

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def branch_choices(branches: tuple[Branch, ...]) -> tuple[Choice, ...]:
    """The branches as choices of the question that tells them apart."""
    return tuple(Choice(branch.code, branch.name, branch.condition) for branch in branches)
