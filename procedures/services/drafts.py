"""Drafts (bản nháp): rows saved step by step, resumed on any device.

Every form carries the draft's revision. A form made from an older revision is not saved over newer
answers: ``Stale`` is raised, and the page shows what was typed beside what is stored.
"""

from typing import Any, BinaryIO, cast

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, F, Sum
from django.db.models.functions import Now

from accounts.models import User
from portal.lib.uploads import display_name, inspect
from procedures.domain.answers import relevant_answers
from procedures.domain.conditions import Answers
from procedures.domain.definition import Procedure
from procedures.domain.errors import DomainError, NotAllowed, Stale
from procedures.domain.lifecycle import Status
from procedures.models import Attachment, Dossier
from procedures.selectors.definitions import needs_of, procedure_of
from procedures.services import cosigning, files
from procedures.services.lifecycle import locked

MAX_FILES = 20
MAX_BYTES = 60 * 1024 * 1024  # of all files of a dossier


def start_draft(filer: User, procedure: Procedure) -> Dossier:
    """The filer's open draft of this procedure, or a new one with what the registration knows."""
    existing = Dossier.objects.filter(
        filer=filer, procedure=procedure.code, edition=procedure.edition, status=Status.DRAFT
    ).order_by("-updated_at")
    return existing.first() or Dossier.objects.create(
        filer=filer,
        procedure=procedure.code,
        edition=procedure.edition,
        answers=_known_answers(filer, procedure),
        is_test=filer.is_test,
    )


def _known_answers(filer: User, procedure: Procedure) -> Answers:
    registration = getattr(filer, "registration", None)
    if registration is None:
        return {}
    known: dict[str, Any] = {
        "full_name": registration.full_name,
        "birth_date": registration.birth_date.isoformat(),
        "sex": registration.sex,
        "bhxh_number": registration.bhxh_number,
        "identity_number": registration.identity_number,
        "phone": registration.phone,
        "email": registration.email,
        "address": {
            "province": registration.province,
            "district": registration.district,
            "commune": registration.commune,
            "street": registration.street,
        },
    }
    return {q.name: known[q.prefill] for q in procedure.questions if q.prefill in known}


def save_answers(dossier: Dossier, answers: Answers, revision: int) -> Dossier:
    """Merge the answers of one step into the draft; answers hidden by a changed branch go.

    ``None`` takes an answer away. The same answers once more (a double click) change nothing and are
    no conflict. Raises NotAllowed when the dossier is no draft, Stale when the form was made from
    another revision.
    """
    with transaction.atomic():
        draft = locked(dossier)
        merged = relevant_answers(procedure_of(draft), {**draft.answers, **answers})
        if draft.status == Status.DRAFT and merged == draft.answers:
            return draft
        _require_open(draft, revision)
        draft.answers = merged
        return _save(draft)


def confirm_warnings(dossier: Dossier, names: list[str], revision: int) -> Dossier:
    """Keep that the filer has read these warnings and stays with the answers."""
    with transaction.atomic():
        draft = _open_draft(dossier, revision)
        draft.confirmed_warnings = sorted({*draft.confirmed_warnings, *names})
        return _save(draft)


def follow_on_paper(dossier: Dossier, codes: list[str], revision: int) -> Dossier:
    """Keep which papers the filer will send by post; codes the law doesn't allow are dropped."""
    with transaction.atomic():
        draft = _open_draft(dossier, revision)
        allowed = {
            need.document.code
            for need in needs_of(draft)
            if need.document.may_follow_on_paper and not need.document.filled_here
        }
        draft.follows_on_paper = sorted(allowed & set(codes))
        return _save(draft)


def attach(dossier: Dossier, document: str, file: UploadedFile[bytes]) -> Attachment:
    """Keep an uploaded file with a draft, or with the answer to a supplement request.

    The bytes are judged, then durable on disk, then the row is written.

    Raises:
        UploadRefused: not a PDF, JPEG, PNG or HEIC that can be read (message for the filer).
        DomainError: too many or too large files, or no such paper in this dossier.
    """
    upload = inspect(cast(BinaryIO, file), file.size or 0)
    name, key = files.keep(cast(BinaryIO, file))
    try:
        with transaction.atomic():
            draft = locked(dossier)
            _require_editable(draft)
            _require_wanted(draft, document)
            _require_room(draft, upload.size)
            attachment = Attachment.objects.create(
                dossier=draft,
                document=document,
                name=display_name(file.name or ""),
                content_type=upload.content_type,
                size=upload.size,
                pages=upload.pages,
                sha256=upload.sha256,
                storage_name=name,
                key_id=key,
            )
            files.ask_for_check(attachment)
            _changed(draft)
            return attachment
    except BaseException:
        default_storage.delete(name)
        raise


def require_place(draft: Dossier, document: str, size: int) -> None:
    """Raises DomainError where the dossier, locked by the caller, has no place for another file of this paper
    and size in bytes. What is still on its way has its place already."""
    _require_editable(draft)
    _require_wanted(draft, document)
    coming = draft.incoming_files.filter(finished_at=None).aggregate(files=Count("pk"), bytes=Sum("size"))
    _require_room(draft, size + (coming["bytes"] or 0), coming["files"])


def detach(dossier: Dossier, attachment: Attachment) -> None:
    """Take a file out of a draft. What was ever signed stays."""
    with transaction.atomic():
        draft = locked(dossier)
        _require_editable(draft)
        if attachment.filing_number is not None:
            raise NotAllowed("Tệp này đã được ký cùng hồ sơ nên không gỡ ra được.")
        files.delete(attachment)
        attachment.delete()
        _changed(draft)


def discard(dossier: Dossier) -> None:
    """Delete a draft with its files, at the filer's wish."""
    with transaction.atomic():
        draft = _open_draft(dossier, dossier.revision)
        for attachment in draft.attachments.all():
            files.delete(attachment)
        draft.attachments.all().delete()
        draft.delete()


def _open_draft(dossier: Dossier, revision: int) -> Dossier:
    draft = locked(dossier)
    _require_open(draft, revision)
    return draft


def _require_open(draft: Dossier, revision: int) -> None:
    if draft.status != Status.DRAFT:
        raise NotAllowed("Hồ sơ này đã nộp nên không sửa được nữa.")
    if draft.revision != revision:
        raise Stale(
            "Hồ sơ vừa được sửa ở cửa sổ hoặc thiết bị khác. Những gì ông/bà vừa nhập vẫn còn dưới đây; "
            "xin kiểm tra lại rồi bấm lưu lần nữa."
        )


def _require_editable(dossier: Dossier) -> None:
    if dossier.status not in (Status.DRAFT, Status.SUPPLEMENT_REQUESTED):
        raise NotAllowed("Hồ sơ này đã nộp nên không sửa được nữa.")


def _require_wanted(dossier: Dossier, document: str) -> None:
    wanted = {need.document.code for need in needs_of(dossier)}
    if dossier.status == Status.SUPPLEMENT_REQUESTED:
        request = dossier.supplement_requests.filter(answered_at__isnull=True).first()
        wanted = set(request.documents) if request else set()
    if document not in wanted:
        raise DomainError("Hồ sơ này không cần giấy tờ đó.", question=document)


def _require_room(dossier: Dossier, size: int, others: int = 0) -> None:
    kept = dossier.attachments.aggregate(total=Sum("size"))["total"] or 0
    if dossier.attachments.count() + others >= MAX_FILES:
        raise DomainError(
            f"Một hồ sơ nhận nhiều nhất {MAX_FILES} tệp. Xin gỡ bớt tệp hoặc ghép nhiều trang vào một tệp PDF."
        )
    if kept + size > MAX_BYTES:
        raise DomainError("Các tệp của hồ sơ đã quá 60 MB. Xin chụp lại với dung lượng nhỏ hơn.")


def _save(draft: Dossier) -> Dossier:
    draft.save(update_fields=["answers", "follows_on_paper", "confirmed_warnings"])
    _changed(draft)
    draft.refresh_from_db(fields=["revision", "updated_at"])
    return draft


def _changed(draft: Dossier) -> None:
    """A new revision; signatures given to the old content are void."""
    Dossier.objects.filter(pk=draft.pk).update(revision=F("revision") + 1, updated_at=Now())
    if draft.status == Status.DRAFT:
        cosigning.void_stale(draft)
