"""Thông báo: messages to the filer about a dossier. Rows first; the words are made when they leave."""

from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now
from django.template.loader import render_to_string

from accounts import gateways
from accounts.models import User
from accounts.services import outbox
from accounts.services.paper_people import is_paper_person
from portal.lib import chaos
from portal.lib.vietnamese import gsm7
from procedures.models import Complaint, Dossier, DossierEvent, Notice
from procedures.selectors.definitions import procedure_of
from procedures.selectors.supplements import Asked, asked_in
from procedures.services import papers

RETRY_AFTER = timedelta(minutes=1)


def notify(dossier: Dossier, event: DossierEvent, kind: Notice.Kind, recipient: User | None = None) -> None:
    """Write the notices of an act, in its transaction: one a confirmed way to reach the filer, or
    somebody else who has a part in the dossier."""
    reached = recipient or dossier.filer
    Notice.objects.bulk_create(
        [
            Notice(
                dossier=dossier,
                event=event,
                kind=kind,
                recipient=reached,
                channel=channel,
                destination=destination,
            )
            for channel, destination in reached.contacts.items()
        ],
        ignore_conflicts=True,
    )


def send(notice_id: int) -> None:
    """Send one notice; a failing gateway leaves it waiting for a later try."""
    with outbox.work(Notice, notice_id) as notice:
        if notice is None:
            return
        chaos.step("before_notice", notice.pk)
        try:
            delivered = _send(notice)
        except gateways.GatewayError as error:
            outbox.postpone(notice, error, RETRY_AFTER)
            return
        outbox.finish(notice, **({"delivered_at": Now()} if delivered else {}))


def _send(notice: Notice) -> bool:
    context = {
        "dossier": notice.dossier,
        "recipient": notice.recipient,
        "procedure": procedure_of(notice.dossier),
        "complaint": _complaint_of(notice),
        "asked": _asked_in(notice),
        "url": _url(notice),
        "co_sign_url": f"{settings.PUBLIC_URL}/cung-ky/",
    }
    name = f"notices/{notice.kind}"
    if notice.channel == "sms":
        text = gsm7(render_to_string(f"{name}.sms", context).strip())
        return gateways.send("sms", notice.destination, "", text).delivered
    subject = render_to_string(f"{name}.subject", context).strip()
    text = render_to_string(f"{name}.text", context).strip()
    html = render_to_string("notices/letter.html", {"subject": subject, "text": text})
    paper = papers.papers_of(notice)
    return gateways.send("email", notice.destination, subject, text, html, paper).delivered


def _complaint_of(notice: Notice) -> Complaint | None:
    """The one the notice is about."""
    return Complaint.objects.filter(pk=notice.event.detail.get("complaint")).first()


def _asked_in(notice: Notice) -> list[Asked]:
    """What the filer has to bring, where the notice is about that."""
    if notice.kind != Notice.Kind.SUPPLEMENT_REQUESTED:
        return []
    return asked_in(notice.dossier.supplement_requests.latest("id"))


def _url(notice: Notice) -> str:
    """The dossier's own page; for people without an account, where a code opens it."""
    if is_paper_person(notice.recipient):
        return papers.tracking_url(notice.dossier)
    return f"{settings.PUBLIC_URL}/ho-so/{notice.dossier.public_id}/"
