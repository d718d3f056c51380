"""Which office is competent, and why. The law doesn't always say "where you live"."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from procedures.domain.answers import relevant_answers
from procedures.domain.conditions import Answers
from procedures.domain.definition import Basis, Kind, Procedure, Route
from procedures.domain.errors import UnknownOffice

# The key of the office that serves a province (GSO code) today, or None if there is none.
OfficeOfProvince = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Routing:
    """The competent office with the reason, as stored on the dossier and shown."""

    office_key: str
    question: str
    words: str
    basis: Basis
    onward_office_key: str | None = None


def competent_office(procedure: Procedure, answers: Answers, office_of_province: OfficeOfProvince) -> Routing:
    """Raises UnknownOffice, naming the question whose answer is missing or unusable."""
    known = relevant_answers(procedure, answers)
    route = next((route for route in procedure.routes if route.when.holds(known)), None)
    if route is None:
        raise UnknownOffice("Chưa xác định được cơ quan BHXH giải quyết: thông tin ông/bà khai chưa đủ.")
    office_key = _office_key(procedure, route, known, office_of_province)
    onward_key = _onward_key(procedure, known, office_of_province)
    if onward_key == office_key and procedure.onward is not None:
        message = "Nơi chuyển đến trùng với nơi đang chi trả; ông/bà không cần làm thủ tục này."
        raise UnknownOffice(message, procedure.onward.question)
    return Routing(office_key, route.question, route.words, route.basis, onward_key)


def _onward_key(procedure: Procedure, answers: Answers, office_of_province: OfficeOfProvince) -> str | None:
    if procedure.onward is None or not procedure.onward.when.holds(answers):
        return None
    return _office_key(procedure, procedure.onward, answers, office_of_province)


def _office_key(
    procedure: Procedure, route: Route, answers: Answers, office_of_province: OfficeOfProvince
) -> str:
    question = procedure.question(route.question)
    answer = answers.get(route.question)
    if question.kind is Kind.PROVINCE and isinstance(answer, str) and answer:
        return answer
    province = answer.get("province") if isinstance(answer, Mapping) else None
    if not isinstance(province, str) or not province:
        raise UnknownOffice(f"Cần câu trả lời “{question.label}” để biết nơi giải quyết.", question.name)
    office_key = office_of_province(province)
    if office_key is None:
        message = f"Chưa có cơ quan BHXH nào phụ trách tỉnh, thành phố ông/bà chọn ở mục “{question.label}”."
        raise UnknownOffice(message, question.name)
    return office_key
