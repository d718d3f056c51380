"""The lawyer's page of a procedure and of the life of a dossier, in Markdown and in Vietnamese.

The order is that of a published sheet. Nothing is typed twice: what a page says here is what the
portal does.
"""

from collections.abc import Iterable, Iterator

from portal.lib.money import format_vnd
from portal.lib.vietnamese import format_date
from procedures.domain.answers import naming
from procedures.domain.conditions import ALWAYS, Condition, Naming
from procedures.domain.deadlines import ENDS_ON_A_WORKING_DAY
from procedures.domain.definition import (
    Basis,
    Certainty,
    Copy,
    Deadline,
    Document,
    Kind,
    Procedure,
    Question,
    Route,
    Rule,
    Step,
    Unit,
    Verdict,
)
from procedures.domain.lifecycle import (
    ACT_NAMES,
    ACTOR_NAMES,
    ACTORS,
    MEANINGS,
    NAMES,
    NEXT_ACTOR,
    TRANSITIONS,
)

UNVERIFIED = "**chưa kiểm chứng**"
FROM_MEMORY = "†"

_LEGEND = (
    f"{UNVERIFIED}: các nguồn không thống nhất hoặc chưa tìm được văn bản; cổng cũng ghi như vậy cho người dân. "
    f"{FROM_MEMORY}: điều đã biết chắc nhưng chưa đối chiếu với văn bản gốc."
)

_COPIES = {
    Copy.ORIGINAL: "bản chính",
    Copy.COPY: "bản sao",
    Copy.PHOTOCOPY: "bản chụp",
    Copy.CERTIFIED_TRANSLATION: "bản dịch có chứng thực, công chứng",
}
_UNITS = {Unit.WORKING_DAY: "ngày làm việc", Unit.DAY: "ngày"}
_VERDICTS = {
    Verdict.LIKELY: "nhiều khả năng được",
    Verdict.UNLIKELY: "nhiều khả năng không được",
    Verdict.CANNOT_TELL: "chưa thể biết",
}
_KINDS = {
    Kind.LONG_TEXT: "đoạn văn",
    Kind.NAME: "họ tên",
    Kind.DATE: "ngày",
    Kind.MONTH: "tháng",
    Kind.CHOICE: "chọn một",
    Kind.YES_NO: "có/không",
    Kind.INTEGER: "số",
    Kind.MONEY: "số tiền",
    Kind.DECIMAL: "số thập phân",
    Kind.ADDRESS: "địa chỉ",
    Kind.PROVINCE: "tỉnh, thành phố",
    Kind.TABLE: "bảng",
}
_CHANNELS = (
    "Nộp điện tử trên cổng này bằng mã xác thực giao dịch điện tử, hoặc qua tổ chức I-VAN.",
    "Qua bưu chính công ích; giấy tờ không chuyển sang dạng điện tử được thì gửi bản giấy bằng đường này.",
    "Trực tiếp tại cơ quan BHXH.",
)


def sheet(procedure: Procedure) -> str:
    """The whole sheet. Sections without content are left out."""
    name = naming(procedure)
    sections = (
        ("Trình tự thực hiện", _steps(procedure, name)),
        ("Cách thức nộp", _bullets(_CHANNELS)),
        ("Thành phần hồ sơ", _documents(procedure, name)),
        ("Thời hạn", _deadlines(procedure, name)),
        ("Người nộp", (f"{procedure.who_may_file} ({basis_words(procedure.who_basis)})",)),
        ("Cơ quan giải quyết", _agency(procedure, name)),
        ("Kết quả", _results(procedure)),
        ("Lệ phí", (f"{_fee(procedure)} ({basis_words(procedure.fee_basis)})",)),
        ("Các trường hợp", _branches(procedure)),
        ("Cách tính", (procedure.formula,) if procedure.formula else ()),
        ("Cổng kiểm tra gì", _rules(procedure, name)),
        ("Tự kiểm tra trước khi nộp", _precheck(procedure, name)),
        ("Lý do từ chối có sẵn", _refusals(procedure)),
        ("Căn cứ pháp lý", _bullets(basis_words(basis) for basis in procedure.legal_basis)),
        ("Thay đổi về sau", _changes(procedure)),
    )
    lines = [f"# {procedure.order}. {procedure.name}", "", *_head(procedure)]
    shown = [(title, tuple(body)) for title, body in sections]
    for number, (title, body) in enumerate(((title, body) for title, body in shown if body), start=1):
        lines += ["", f"## {number}. {title}", "", *body]
    return "\n".join([*lines, "", "---", "", _LEGEND, ""])


def basis_words(basis: Basis) -> str:
    """The legal basis with its mark, as printed everywhere on the sheet."""
    if basis.is_unsure:
        return f"{basis}; {UNVERIFIED}"
    return str(basis) if basis.certainty is Certainty.SOURCE else f"{basis}{FROM_MEMORY}"


def _head(procedure: Procedure) -> Iterator[str]:
    until = format_date(procedure.valid_to) if procedure.valid_to else "nay"
    yield f"*{procedure.plain_name}.* {procedure.summary}"
    yield ""
    yield (
        f"Mã `{procedure.code}`, phiên bản {procedure.edition}, áp dụng từ {format_date(procedure.valid_from)} "
        f"đến {until}. Mẫu chính: {procedure.form}."
    )


def _bullets(texts: Iterable[str]) -> Iterator[str]:
    return (f"- {text}" for text in texts)


def _when(condition: Condition, name: Naming) -> str:
    return "" if condition == ALWAYS else condition.words(name)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ") or "–"


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(header) + " |"
    yield "|" + " --- |" * len(header)
    for row in rows:
        yield "| " + " | ".join(_cell(text) for text in row) + " |"


def _steps(procedure: Procedure, name: Naming) -> Iterator[str]:
    for number, step in enumerate(procedure.steps, start=1):
        yield from (f"### Bước {number}: {step.title}", "")
        if step.when != ALWAYS:
            yield from (f"Chỉ khi {_when(step.when, name)}.", "")
        if step.intro:
            yield from (step.intro, "")
        yield from _questions(step, name)
        yield ""
    yield "Sau cùng: tải giấy tờ lên, xem lại toàn bộ, ký bằng mã xác thực và nộp."


def _questions(step: Step, name: Naming) -> Iterator[str]:
    for question in step.questions:
        yield f"- {_question(question, name)}"
        for column in question.columns:
            yield f"  - {_question(column, name)}"


def _question(question: Question, name: Naming) -> str:
    notes = [_KINDS[question.kind]] if question.kind in _KINDS else []
    if not question.required:
        notes.append("không bắt buộc")
    if question.when != ALWAYS:
        notes.append(f"khi {_when(question.when, name)}")
    options = "; ".join(choice.label for choice in question.choices)
    text = question.label + (f" ({'; '.join(notes)})" if notes else "")
    return f"{text}: {options}" if options else text


def _documents(procedure: Procedure, name: Naming) -> Iterator[str]:
    rows = (_document_row(procedure, document, name) for document in procedure.documents)
    return _table(("Giấy tờ", "Mẫu", "Loại bản", "Khi nào", "Căn cứ"), rows)


def _document_row(procedure: Procedure, document: Document, name: Naming) -> tuple[str, ...]:
    condition = document.condition_note or _document_when(document.when, name)
    if document.one_of:
        condition += f"; chỉ cần một trong nhóm “{procedure.group_name(document.one_of)}”"
    title = f"{document.name}. {document.note}" if document.note else document.name
    return (title, document.form, _COPIES[document.copy], condition, basis_words(document.basis))


def _document_when(condition: Condition, name: Naming) -> str:
    return _when(condition, name) or "luôn luôn"


def _deadlines(procedure: Procedure, name: Naming) -> Iterator[str]:
    limit = procedure.filing_limit
    if limit is not None:
        yield f"- Nộp hồ sơ: {limit.words} ({basis_words(limit.basis)})"
    for deadline in procedure.deadlines:
        yield f"- Giải quyết: {_deadline(deadline, name)}"
    yield (
        "- Thời hạn tính từ ngày sau ngày nhận đủ hồ sơ; thời hạn tính theo ngày mà kết thúc vào ngày nghỉ thì "
        f"kết thúc vào ngày làm việc tiếp theo ({basis_words(ENDS_ON_A_WORKING_DAY)})."
    )


def _deadline(deadline: Deadline, name: Naming) -> str:
    notes = ["mức phục vụ của BHXH" if deadline.is_service else "theo luật"]
    if deadline.when != ALWAYS:
        notes.append(f"khi {_when(deadline.when, name)}")
    if deadline.note:
        notes.append(deadline.note)
    if deadline.is_later_rule:
        notes.append("không dùng để hẹn")
    text = f"{deadline.value} {_UNITS[deadline.unit]}, {'; '.join(notes)}"
    return f"{text} ({basis_words(deadline.basis)})"


def _agency(procedure: Procedure, name: Naming) -> Iterator[str]:
    yield f"{procedure.agency} ({basis_words(procedure.agency_basis)})"
    yield ""
    for route in procedure.routes:
        yield f"- Cổng gửi đến: {_route(route, name)}"
    if procedure.onward is not None:
        yield f"- Sau đó chuyển đến: {_route(procedure.onward, name)}"


def _route(route: Route, name: Naming) -> str:
    condition = f", khi {_when(route.when, name)}" if route.when != ALWAYS else ""
    label = name(route.question, None)[0]
    return f"{route.words}, theo câu “{label}”{condition} ({basis_words(route.basis)})"


def _results(procedure: Procedure) -> Iterator[str]:
    for result in procedure.results:
        form = f", mẫu {result.form}" if result.form else ""
        yield f"- {result.name}{form} ({basis_words(result.basis)})"


def _fee(procedure: Procedure) -> str:
    return format_vnd(procedure.fee) if procedure.fee else "Không thu."


def _branches(procedure: Procedure) -> Iterator[str]:
    for branch in procedure.branches:
        note = f" {branch.note}" if branch.note else ""
        yield f"- **{branch.name}**: {branch.condition}{note} ({basis_words(branch.basis)})"


def _rules(procedure: Procedure, name: Naming) -> Iterator[str]:
    return _bullets(_rule(rule, name) for rule in procedure.rules)


def _rule(rule: Rule, name: Naming) -> str:
    kind = "Cảnh báo, vẫn nộp được" if rule.is_warning else "Phải sửa"
    condition = f" Khi {_when(rule.when, name)}." if rule.when != ALWAYS else ""
    basis = f" ({basis_words(rule.basis)})" if rule.basis else ""
    return f"{kind}: {rule.message}{condition}{basis}"


def _precheck(procedure: Procedure, name: Naming) -> Iterator[str]:
    if procedure.precheck is None:
        return
    yield "Điều kiện đúng đầu tiên quyết định; không có điều kiện nào đúng thì chưa thể biết. Không bao giờ cấm nộp."
    yield ""
    for criterion in procedure.precheck.criteria:
        condition, verdict = criterion.when.words(name), _VERDICTS[criterion.verdict]
        yield f"- Khi {condition}: **{verdict}**. {criterion.words} ({basis_words(criterion.basis)})"


def _refusals(procedure: Procedure) -> Iterator[str]:
    return _bullets(f"{refusal.words} ({basis_words(refusal.basis)})" for refusal in procedure.refusals)


def _changes(procedure: Procedure) -> Iterator[str]:
    return _bullets(
        f"Từ {format_date(since)}: {words} ({basis_words(basis)})"
        for since, words, basis in procedure.changes_since
    )


def lifecycle_sheet() -> str:
    """The statuses of a dossier and the acts between them."""
    statuses = (
        (NAMES[status], MEANINGS[status], ACTOR_NAMES[actor] if actor else "không ai, hồ sơ đã kết thúc")
        for status, actor in NEXT_ACTOR.items()
    )
    acts = (
        (NAMES[status], ACT_NAMES[act], ACTOR_NAMES[ACTORS[act]], NAMES[next_status])
        for (status, act), next_status in TRANSITIONS.items()
    )
    lines = (
        "# Vòng đời hồ sơ",
        "",
        "## Trạng thái",
        "",
        *_table(("Trạng thái", "Nghĩa với người nộp", "Đến lượt ai"), statuses),
        "",
        "## Việc làm thay đổi trạng thái",
        "",
        *_table(("Từ", "Việc", "Ai làm", "Thành"), acts),
        "",
    )
    return "\n".join(lines)
