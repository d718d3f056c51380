"""Leaves, their places, checkpoints and keys."""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from procedures.domain import leaves, merkle
from procedures.domain.lifecycle import Act
from procedures.models import Checkpoint, DossierEvent, Leaf, LogKey, TreeNode
from procedures.selectors import log as tree
from procedures.services import checkpoints, log, withdrawal
from tests import makers

pytestmark = pytest.mark.django_db


def leaf_of(act: str) -> Leaf:
    return Leaf.objects.get(event__act=act)


def test_every_entry_of_every_history_has_a_leaf(contributor: User, outsider: User, officer: User) -> None:
    makers.approved(contributor, officer)
    makers.supplemented(contributor, officer, "dinh_cu")
    makers.withdrawn(outsider)
    assert not DossierEvent.objects.filter(leaf__isnull=True).exists()
    kinds = set(Leaf.objects.values_list("event__act", flat=True))
    assert {Act.FILE, Act.DELIVER, Act.REQUEST_SUPPLEMENT, Act.SUPPLEMENT, Act.APPROVE, Act.WITHDRAW} <= kinds


def test_a_leaf_names_nobody_and_nothing_readable(contributor: User) -> None:
    dossier = makers.filed(contributor)
    leaf = leaf_of("file")
    said = bytes(leaf.content).decode()
    for private in (contributor.full_name, contributor.login, contributor.phone, contributor.email):
        assert private not in said
    for known in (dossier.reference, str(dossier.public_id)):
        assert known not in said
    assert set(json.loads(said)) == {"v", "kind", "dossier", "digest", "office", "at", "record", "salt"}


def test_two_leaves_of_the_same_dossier_have_nothing_in_common(contributor: User) -> None:
    makers.queued(contributor)
    filed, delivered = (json.loads(bytes(leaf_of(act).content)) for act in ("file", "deliver"))
    assert filed["dossier"] != delivered["dossier"]
    assert filed["salt"] != delivered["salt"]


def test_a_leaf_is_the_hash_of_the_act_as_the_rows_tell_it(contributor: User) -> None:
    dossier = makers.filed(contributor)
    leaf = leaf_of("file")
    event, salt = leaf.event, bytes(leaf.salt)
    again = leaves.leaf_content(
        kind=event.act,
        salt=salt,
        public_id=str(dossier.public_id),
        reference=str(dossier.reference),
        digest=dossier.filings.get().digest,
        office="ha-noi",
        at=event.at,
        record=tree.record_of(event, event.actor, tree.subject_of(event)),
    )
    assert bytes(leaf.content) == again
    assert bytes(leaf.hash) == merkle.leaf_hash(again)


def test_filing_costs_one_more_insert_and_one_short_look(contributor: User) -> None:
    event = DossierEvent.objects.get(dossier=makers.filed(contributor), act="file")
    Leaf.objects.all()
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        subject, actor = tree.subject_of(event), event.actor
        before = len(captured)
        copy = DossierEvent.objects.create(dossier=event.dossier, act="file", status="filed", actor=actor)
        log.append(copy, actor, subject)
        assert len(captured) - before == 2  # the entry itself, and its leaf
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_a_place_is_given_once_and_nothing_else_changes(contributor: User) -> None:
    makers.queued(contributor)
    checkpoints.make()
    leaf = leaf_of("file")
    for change in ({"position": 99}, {"position": None}, {"hash": b"x"}, {"content": b"x"}, {"salt": b"x"}):
        with pytest.raises(Exception, match="append-only"):
            Leaf.objects.filter(pk=leaf.pk).update(**change)
    for model in (Leaf, TreeNode, Checkpoint, LogKey):
        with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")
        with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE")
    with pytest.raises(Exception, match="append-only"):
        Checkpoint.objects.update(tree_size=1)


def test_a_checkpoint_covers_what_was_done_and_says_so_signed(contributor: User) -> None:
    makers.filed(contributor)
    made = checkpoints.make()
    assert made is not None
    assert made.tree_size == Leaf.objects.count()
    assert checkpoints.is_genuine(made)
    proof = tree.proof_of(leaf_of("file"))
    assert proof is not None
    assert merkle.is_included(
        bytes(proof.leaf.hash), proof.index, made.tree_size, proof.path, bytes(made.root)
    )


def test_without_news_there_is_one_checkpoint_a_day(contributor: User) -> None:
    makers.filed(contributor)
    assert checkpoints.make() is not None
    assert checkpoints.make() is None
    assert Checkpoint.objects.count() == 1


def test_an_empty_log_has_a_checkpoint_too(db: None) -> None:
    made = checkpoints.make()
    assert made is not None
    assert bytes(made.root) == merkle.EMPTY_ROOT


def test_a_delivery_is_followed_by_its_checkpoint(contributor: User) -> None:
    dossier = makers.queued(contributor)
    leaf = tree.filing_leaf(dossier.filings.get())
    assert leaf is not None
    assert tree.proof_of(leaf) is not None


def test_a_burst_of_deliveries_makes_one_checkpoint(contributor: User, outsider: User) -> None:
    makers.queued(contributor)
    makers.queued(outsider)
    assert Checkpoint.objects.count() == 1


def test_a_delivery_stands_without_a_key(contributor: User, settings: Any) -> None:
    settings.LOG_KEY = ""
    assert makers.queued(contributor).queued_at is not None
    assert not Checkpoint.objects.exists()


def test_later_trees_continue_earlier_ones(contributor: User, outsider: User) -> None:
    makers.filed(contributor)
    first = checkpoints.make()
    withdrawal.withdraw(makers.filed(outsider), outsider)
    second = checkpoints.make()
    assert first is not None
    assert second is not None
    proof = tree.consistency_of(first.tree_size, second.tree_size)
    sizes, roots = (first.tree_size, second.tree_size), (bytes(first.root), bytes(second.root))
    assert merkle.is_consistent(*sizes, *roots, proof)


def test_a_changed_checkpoint_is_not_genuine(contributor: User) -> None:
    made = checkpoints.make()
    assert made is not None
    for change in ({"tree_size": 7}, {"root": b"0" * 32}, {"note": made.note + " "}, {"note": ""}):
        made = Checkpoint.objects.get()
        for name, value in change.items():
            setattr(made, name, value)
        assert not checkpoints.is_genuine(made)


@pytest.mark.django_db(transaction=True)
def test_a_checkpoint_is_published_as_a_file_with_the_keys(
    contributor: User, settings: Any, tmp_path: Any
) -> None:
    settings.CHECKPOINT_DIR = tmp_path
    makers.filed(contributor)
    made = checkpoints.make()
    assert made is not None
    assert checkpoints.path_of(made).read_text(encoding="utf-8") == made.note
    assert json.loads((tmp_path / "keys.json").read_text())[0]["id"] == made.key_id


@pytest.mark.django_db(transaction=True)
def test_files_that_could_not_be_written_come_with_the_next_checkpoint(
    contributor: User, settings: Any, tmp_path: Any
) -> None:
    (tmp_path / "full").write_text("no folder")
    settings.CHECKPOINT_DIR = tmp_path / "full"
    first = checkpoints.make()
    settings.CHECKPOINT_DIR = tmp_path / "there"
    makers.filed(contributor)
    second = checkpoints.make()
    assert first is not None
    assert second is not None
    assert checkpoints.path_of(first).exists()
    assert checkpoints.path_of(second).exists()


def test_a_new_key_is_endorsed_by_the_old_one(contributor: User, settings: Any) -> None:
    old = checkpoints.make()
    successor = checkpoints.private_key("B" * 43)
    entered = checkpoints.announce(successor)
    assert checkpoints.is_endorsed(entered)
    makers.filed(contributor)
    assert getattr(checkpoints.make(), "key_id", "") == getattr(
        old, "key_id", None
    )  # until LOG_KEY is changed
    settings.LOG_KEY = "B" * 43
    makers.filed(contributor, "dinh_cu")
    assert getattr(checkpoints.make(), "key_id", "") == entered.key_id
    assert all(checkpoints.is_genuine(one) for one in Checkpoint.objects.select_related("key"))


def test_a_key_that_was_never_announced_signs_nothing(contributor: User, settings: Any) -> None:
    checkpoints.make()
    settings.LOG_KEY = "C" * 43
    makers.filed(contributor)
    with pytest.raises(checkpoints.NoLogKey, match="never announced"):
        checkpoints.make()


@pytest.mark.parametrize("text", ["", "ngắn", "A" * 20])
def test_in_real_operation_only_a_key_is_a_key(settings: Any, text: str) -> None:
    settings.TESTING = settings.DEMO = False
    with pytest.raises(checkpoints.NoLogKey, match="32 random bytes"):
        checkpoints.private_key(text)


@pytest.mark.django_db(transaction=True)
def test_parallel_filings_and_checkpoints_lose_no_leaf(citizen: Callable[..., User]) -> None:
    people = [citizen(f"01190003{n:02d}", f"Người Thứ {n}") for n in range(8)]
    drafts = [makers.filed(person) for person in people]
    start, failed = threading.Barrier(12), []

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    acts: list[Callable[[], object]] = [
        *(lambda dossier=dossier: makers.deliver(dossier) for dossier in drafts),  # type: ignore[misc]
        *([checkpoints.make] * 4),
    ]
    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    last = checkpoints.make() or tree.latest_checkpoint()
    places = sorted(Leaf.objects.values_list("position", flat=True))
    assert places == list(range(DossierEvent.objects.count()))
    assert last is not None
    hashes = [bytes(kept) for kept in Leaf.objects.order_by("position").values_list("hash", flat=True)]
    made = merkle.grow(0, hashes, lambda level, index: b"")
    assert bytes(last.root) == merkle.root(len(hashes), lambda level, index: made[level, index])
