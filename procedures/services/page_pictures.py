"""A page of the safe copy of a paper as a picture, for whoever may see the paper."""

from portal.lib.pictures import Unreadable, Wanted
from portal.lib.pictures import picture_of as draw
from procedures.models import Attachment
from procedures.services import files


def picture_of(attachment: Attachment, wanted: Wanted) -> bytes:
    """A JPEG. Raises Unreadable for a page there isn't or a file nobody may open, FileNotFoundError for one
    that is gone."""
    if not attachment.may_be_opened:
        raise Unreadable("no safe copy")
    return draw(files.copy_of(attachment), attachment.copy_type, wanted)
