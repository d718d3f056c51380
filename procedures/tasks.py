"""Doors: each task takes an id, calls one service, and is safe to run twice."""

from celery import shared_task

from procedures.services import checkpoints, clock, dispatch, files, notices, transfers


@shared_task(name="procedures.deliver_dossier")
def deliver_dossier(dispatch_id: int) -> None:
    dispatch.deliver(dispatch_id)


@shared_task(name="procedures.send_notice")
def send_notice(notice_id: int) -> None:
    notices.send(notice_id)


@shared_task(name="procedures.check_file")
def check_file(check_id: int) -> None:
    files.check(check_id)


@shared_task(name="procedures.keep_clocks")
def keep_clocks() -> None:
    clock.keep_all()
    transfers.time_out()


@shared_task(name="procedures.sweep")
def sweep() -> None:
    dispatch.sweep()


@shared_task(name="procedures.make_checkpoint")
def make_checkpoint() -> None:
    checkpoints.make()
