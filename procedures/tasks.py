"""Doors: each task takes an id, calls one service, and is safe to run twice."""

from celery import shared_task

from accounts.services import heartbeats
from procedures.services import checkpoints, clock, dispatch, files, incoming, notices, transfers, watch


@shared_task(name="procedures.deliver_dossier")
def deliver_dossier(dispatch_id: int) -> None:
    dispatch.deliver(dispatch_id)


@shared_task(name="procedures.send_notice")
def send_notice(notice_id: int) -> None:
    notices.send(notice_id)


@shared_task(name="procedures.check_file")
def check_file(check_id: int) -> None:
    files.check(check_id)


@shared_task(name="procedures.tidy_uploads")
def tidy_uploads() -> None:
    incoming.tidy()


@shared_task(name="procedures.keep_clocks")
def keep_clocks() -> None:
    clock.keep_all()
    transfers.time_out()


@shared_task(name="procedures.sweep")
def sweep() -> None:
    dispatch.sweep_once()


@shared_task(name="procedures.say_beat_lives")
def say_beat_lives() -> None:
    heartbeats.beat(heartbeats.BEAT)


@shared_task(name="procedures.watch")
def keep_watch() -> None:
    watch.look()


@shared_task(name="procedures.make_checkpoint")
def make_checkpoint() -> None:
    checkpoints.make()
