"""Files a filer hands in for the papers of a dossier. Each is judged alone: what is refused says so at
its own paper, and everything else is kept."""

from collections import defaultdict

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from portal.lib.sealed import StoreAway
from portal.lib.uploads import UploadRefused, display_name
from procedures.domain.errors import DomainError
from procedures.models import Dossier
from procedures.services import drafts

FILE_PREFIX = "tep-"  # name of a file input: this and the code of the paper
ON_PAPER = "gui-sau"  # codes of papers that follow by post
REMOVE = "_remove"  # public id of a file to take out


def keep_files(dossier: Dossier, sent: "MultiValueDict[str, UploadedFile[bytes]]") -> dict[str, list[str]]:
    """Attach every file to its paper. Returns what was refused and why, by code of the paper."""
    refused: dict[str, list[str]] = defaultdict(list)
    for name, chosen in sent.lists():
        if not name.startswith(FILE_PREFIX):
            continue
        code = name.removeprefix(FILE_PREFIX)
        for file in chosen:
            if why := _attach(dossier, code, file):
                refused[code].append(
                    _("%(name)s: %(why)s") % {"name": display_name(file.name or ""), "why": why}
                )
    return dict(refused)


def _attach(dossier: Dossier, code: str, file: "UploadedFile[bytes]") -> str:
    """Why the file wasn't kept; "" when it was."""
    try:
        drafts.attach(dossier, code, file)
    except (UploadRefused, DomainError) as error:
        return str(error)
    except StoreAway:
        return _("Nơi giữ tệp đang tạm ngừng nên tệp chưa được giữ. Ông/bà gửi lại sau ít phút.")
    return ""


def on_paper(typed: QueryDict) -> list[str]:
    return sorted(set(typed.getlist(ON_PAPER)))
