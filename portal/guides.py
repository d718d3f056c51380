"""Hướng dẫn: one guide a procedure, made from its definition, and one for each thing people ask about first.

The pictures are screens of this very portal, taken by script/guide-pictures; a test tells when one is out of date.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from portal.words import Word, words_in
from procedures.domain.definition import Procedure, Step

FOLDER = Path(settings.BASE_DIR) / "static" / "portal" / "guide"
MANIFEST = FOLDER / "pictures.json"


@dataclass(frozen=True, slots=True)
class Topic:
    slug: str
    title: StrOrPromise
    summary: StrOrPromise


TOPICS = (
    Topic("dang-ky", _("Đăng ký và kích hoạt tài khoản"), _("Làm một lần, trước khi nộp hồ sơ đầu tiên.")),
    Topic(
        "ma",
        _("Các loại mã và cách ký hồ sơ"),
        _("Mã nào nhận ở đâu, dùng vào việc gì, không thấy mã thì sao."),
    ),
    Topic("chung-thu-so", _("Chứng thư số"), _("Ký bằng chứng thư số thay cho mã, nếu ông/bà đã có.")),
    Topic(
        "theo-doi",
        _("Sau khi nộp: theo dõi, bổ sung, rút hồ sơ"),
        _("Biết hồ sơ đến đâu và phải làm gì tiếp."),
    ),
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A screen of the portal; sizes in pixels of the file, which is shown at about half of them."""

    name: str
    width: int
    height: int

    @property
    def url(self) -> str:
        return static(f"portal/guide/{self.name}.png")


@dataclass(frozen=True, slots=True)
class StepGuide:
    """One page of the form: what is asked, words that need explaining, and how it looks."""

    step: Step
    words: list[Word]
    picture: Picture | None


@cache
def pictures() -> dict[str, Picture]:
    """Every picture by name. Empty where none were taken: guides read well without."""
    kept = json.loads(MANIFEST.read_text(encoding="utf-8")) if MANIFEST.is_file() else {}
    return {name: Picture(name, facts["width"], facts["height"]) for name, facts in kept.items()}


def topic_of(slug: str) -> Topic | None:
    return next((topic for topic in TOPICS if topic.slug == slug), None)


def picture_name(procedure: Procedure, step: Step, known: tuple[Procedure, ...]) -> str:
    """A step that several procedures share word for word has one picture."""
    is_shared = any(step in other.steps for other in known if other is not procedure)
    return step.name if is_shared else f"{procedure.code}-{step.name}"


def steps_of(procedure: Procedure, known: tuple[Procedure, ...]) -> list[StepGuide]:
    """The pages of the form in order; each word is explained where it comes first."""
    explained: set[str] = set()
    found = []
    for step in procedure.steps:
        words = [word for word in words_in(_text_of(step)) if word.term not in explained]
        explained.update(word.term for word in words)
        found.append(StepGuide(step, words, pictures().get(picture_name(procedure, step, known))))
    return found


def _text_of(step: Step) -> str:
    asked = " ".join(f"{question.label} {question.help}" for question in step.questions)
    return f"{step.title} {step.intro} {asked}"
