"""Drafts ready to be signed, in any number: copies of one made by tests/makers.py."""

import uuid
from datetime import date

from django.utils import timezone

from accounts.models import Office, Registration, Throttle, User
from accounts.services import codes
from procedures.models import Attachment, Dossier
from procedures.services import filing
from tests import makers

# Ba Đình, Phúc Xá
HANOI = {"province": "01", "district": "001", "commune": "00001"}


def signed_drafts(number: int) -> list[tuple[int, str]]:
    """Ids of drafts of as many people of Hà Nội, each with the code that signs it."""
    template = _template()
    attachments = list(template.attachments.all())
    found = []
    for _ in range(number):
        filer = _person(f"{User.objects.count():010d}")
        copy = Dossier.objects.get(pk=template.pk)
        copy.pk, copy.public_id, copy.filer = None, uuid.uuid4(), filer
        copy._state.adding = True
        copy.save()
        Attachment.objects.bulk_create(
            Attachment(
                dossier=copy,
                document=it.document,
                name=it.name,
                content_type=it.content_type,
                size=it.size,
                sha256=it.sha256,
                storage_name=uuid.uuid4().hex,
            )
            for it in attachments
        )
        Throttle.objects.all().delete()
        found.append((copy.pk, codes.derive(filing.ask_for_code(copy, "email"))))
    return found


def _template() -> Dossier:
    filer = User.objects.filter(login="0100000000").first() or _person("0100000000")
    return Dossier.objects.filter(filer=filer).first() or makers.draft(filer)


def _person(bhxh_number: str) -> User:
    now = timezone.now()
    user = User.objects.create(
        login=bhxh_number,
        full_name="Nguyễn Thị Hằng",
        phone=f"09{bhxh_number[-8:]}",
        email=f"{bhxh_number}@example.vn",
        phone_confirmed_at=now,
        email_confirmed_at=now,
    )
    Registration.objects.create(
        user=user,
        status=Registration.Status.ACTIVATED,
        full_name=user.full_name,
        folded_name="nguyen thi hang",
        birth_date=date(1960, 2, 1),
        sex="nu",
        bhxh_number=bhxh_number,
        identity_number="001160000018",
        phone=user.phone,
        email=user.email,
        office=Office.objects.get(key="ha-noi"),
        street="12 Yên Phụ",
        **HANOI,
    )
    return user
