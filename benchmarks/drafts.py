"""People and their drafts in any number: registered citizens of one office, logged in, drafts ready to sign."""

import uuid
from datetime import date

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Office, Registration, Throttle, User
from accounts.services import codes
from procedures.models import Attachment, Dossier
from procedures.services import files, filing
from tests import makers

# Ba Đình, Phúc Xá
NEVER_FILES = "Nguyễn Thị Mẫu"
HANOI = {"province": "01", "district": "001", "commune": "00001"}


def signed_drafts(number: int) -> list[tuple[int, str]]:
    """Ids of drafts of as many people of Hà Nội, each with the code that signs it."""
    return [(draft.pk, code_for(draft)) for draft in drafts(number)]


def drafts(number: int) -> list[Dossier]:
    """Copies of one complete draft, each of a person of their own."""
    template = _template()
    originals = [(it, files.original_of(it)) for it in template.attachments.all()]
    copies = []
    for filer in people(number):
        copy = Dossier.objects.get(pk=template.pk)
        copy.pk, copy.public_id, copy.filer = None, uuid.uuid4(), filer
        copy._state.adding = True
        copies.append(copy)
    made = Dossier.objects.bulk_create(copies)
    Attachment.objects.bulk_create(
        _kept_again(it, content, copy) for copy in made for it, content in originals
    )
    return made


def code_for(draft: Dossier) -> str:
    """Ask for a code, and read it as the message would carry it."""
    Throttle.objects.all().delete()  # the wait between two codes isn't measured
    return codes.derive(filing.ask_for_code(draft, "email"))


def people(number: int) -> list[User]:
    """As many more citizens of Hà Nội."""
    first = User.objects.filter(login__startswith="01").count() + 1
    office = Office.objects.get(key="ha-noi")
    users = User.objects.bulk_create(_user(f"01{first + place:08d}") for place in range(number))
    Registration.objects.bulk_create(_registration(user, office) for user in users)
    return users


def _kept_again(it: Attachment, content: bytes, draft: Dossier) -> Attachment:
    """The same file of another draft: sealed under a name of its own."""
    name, key = files.keep(ContentFile(content))
    return Attachment(
        dossier=draft,
        document=it.document,
        name=it.name,
        content_type=it.content_type,
        size=it.size,
        sha256=it.sha256,
        storage_name=name,
        key_id=key,
    )


def _template() -> Dossier:
    """The draft of somebody who never files it."""
    there = Dossier.objects.filter(filer__full_name=NEVER_FILES).first()
    if there:
        return there
    somebody = people(1)[0]
    somebody.full_name = NEVER_FILES
    somebody.save()
    return makers.draft(somebody)


def _user(bhxh_number: str) -> User:
    now = timezone.now()
    return User(
        login=bhxh_number,
        password="!",
        full_name="Nguyễn Thị Hằng",
        phone=f"09{bhxh_number[-8:]}",
        email=f"{bhxh_number}@example.vn",
        phone_confirmed_at=now,
        email_confirmed_at=now,
    )


def _registration(user: User, office: Office) -> Registration:
    return Registration(
        user=user,
        status=Registration.Status.ACTIVATED,
        full_name=user.full_name,
        folded_name="nguyen thi hang",
        birth_date=date(1960, 2, 1),
        sex="nu",
        bhxh_number=user.login,
        identity_number="001160000018",
        phone=user.phone,
        email=user.email,
        office=office,
        street="12 Yên Phụ",
        **HANOI,
    )
