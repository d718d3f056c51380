"""Wrong, expired, used, void, foreign, none at all: nobody can tell them apart by the words, the status, the number
of queries or the time an answer takes. Times are compared with each other, never with a clock."""

import hashlib
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Message, Throttle, TransactionCode, User
from accounts.services import codes
from procedures.models import Dossier
from procedures.services import content
from tests import makers
from tests.accounts.test_codes import make_older, wrong

pytestmark = pytest.mark.django_db
SIGN = TransactionCode.Purpose.SIGN
DIGEST = hashlib.sha256(b"a dossier").hexdigest()
ROUNDS = 60
MOST = (
    2  # times as long as the shortest median: the machine is shared, the queries above are the stricter test
)


def ask(user: User, digest: str = DIGEST) -> TransactionCode:
    Throttle.objects.all().delete()
    return codes.ask_code(user, SIGN, digest, subject="x", channel="email")


def none_at_all(user: User, digest: str) -> str:
    return "12345678"


def a_wrong_one(user: User, digest: str) -> str:
    return wrong(ask(user, digest))


def an_expired_one(user: User, digest: str) -> str:
    code = ask(user, digest)
    make_older(code, codes.CAP + timedelta(minutes=1))
    return codes.derive(code)


def a_used_one(user: User, digest: str) -> str:
    code = ask(user, digest)
    codes.spend(code)
    return codes.derive(code)


def a_void_one(user: User, digest: str) -> str:
    code = ask(user, digest)
    ask(user, digest)
    return codes.derive(code)


def one_for_other_content(user: User, digest: str) -> str:
    return codes.derive(ask(user, hashlib.sha256(digest.encode()).hexdigest()))


def one_tried_too_often(user: User, digest: str) -> str:
    code = ask(user, digest)
    TransactionCode.objects.filter(pk=code.pk).update(tries=codes.MAX_TRIES)
    return codes.derive(code)


Situation = Callable[[User, str], str]
SITUATIONS: tuple[Situation, ...] = (
    *(none_at_all, a_wrong_one, an_expired_one, a_used_one, a_void_one, one_for_other_content),
    one_tried_too_often,
)


def forget(user: User) -> None:
    TransactionCode.objects.filter(user=user).update(tries=0, voided_at="2019-08-20T00:00:00Z")


def test_the_page_answers_alike(contributor: User) -> None:
    dossier = makers.draft(contributor)
    client = Client()
    client.force_login(contributor)
    answers = set()
    for situation in SITUATIONS:
        typed = situation(contributor, content.digest_of(dossier))
        answer: Any = client.post(f"/ho-so/{dossier.public_id}/ky/ma/", {"code": typed})
        answers.add((answer.status_code, str(answer.context["form"].errors)))
        forget(contributor)
    assert len(answers) == 1
    assert answers.pop()[0] == 422
    assert Dossier.objects.get().status == "draft"


def test_the_database_is_asked_alike(contributor: User) -> None:
    asked = {}
    for situation in SITUATIONS:
        typed = situation(contributor, DIGEST)
        with (
            CaptureQueriesContext(
                connection,
            ) as queries,
            pytest.raises(codes.CodeRefused),
        ):
            codes.verify(contributor, SIGN, DIGEST, typed)
        asked[situation.__name__] = [query["sql"].split()[0] for query in queries]
        forget(contributor)
    assert len({tuple(statements) for statements in asked.values()}) == 1, asked
    assert len(asked["a_wrong_one"]) <= 8


def test_the_answer_takes_as_long(contributor: User) -> None:
    """Medians over interleaved rounds; a whole page costs twenty times what is measured here."""
    taken: dict[str, list[float]] = {situation.__name__: [] for situation in SITUATIONS}
    for _ in range(ROUNDS):
        for situation in SITUATIONS:
            typed = situation(contributor, DIGEST)
            began = time.perf_counter()
            with pytest.raises(codes.CodeRefused):
                codes.verify(contributor, SIGN, DIGEST, typed)
            taken[situation.__name__].append(time.perf_counter() - began)
            Message.objects.all().delete()
            TransactionCode.objects.all().delete()
    medians = {name: statistics.median(times) for name, times in taken.items()}
    slowest, fastest = max(medians.values()), min(medians.values())
    print(
        {name: f"{1000 * median:.2f} ms" for name, median in medians.items()},
        f"ratio {slowest / fastest:.2f}",
    )
    assert slowest / fastest < MOST, medians


def test_logging_in_takes_as_long_for_an_unknown_login(
    contributor: User, client: Client, settings: Any
) -> None:
    # As in operation: hashing is what takes the time.
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[1:]
    contributor.set_password("một mật khẩu thật dài")
    contributor.save()
    taken: dict[str, list[float]] = {contributor.login: [], "0119999999": []}
    for _ in range(9):
        for login, times in taken.items():
            Throttle.objects.all().delete()
            began = time.perf_counter()
            assert client.post("/dang-nhap/", {"login": login, "password": "sai"}).status_code == 422
            times.append(time.perf_counter() - began)
    known, unknown = (statistics.median(times) for times in taken.values())
    print(f"known {1000 * known:.0f} ms, unknown {1000 * unknown:.0f} ms, ratio {known / unknown:.2f}")
    assert 1 / MOST < known / unknown < MOST
