"""Doors: each task takes an id, calls one service, and is safe to run twice."""

from celery import shared_task

from accounts.services import messages


@shared_task(name="accounts.send_message")
def send_message(message_id: int) -> None:
    messages.send(message_id)
