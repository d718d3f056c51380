import uuid

from django.db import models
from django.db.models.functions import Now

from procedures.models.attachment import Attachment
from procedures.models.dossier import Dossier


class IncomingFile(models.Model):
    """Tệp đang tải lên: one that arrives in pieces over a bad line (tus 1.0). How much is there is the size of
    the piece file, under UPLOAD_DIR/../pieces; this row says what shall become of it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="incoming_files")
    document = models.CharField(max_length=40)  # code of the Document
    name = models.CharField(max_length=100)  # for display only, never a path
    size = models.PositiveIntegerField()  # bytes the client promised
    refusal = models.TextField(blank=True)  # why the whole file wasn't taken, in the filer's words
    attachment = models.OneToOneField(
        Attachment, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    touched_at = models.DateTimeField(db_default=Now(), db_index=True)
    finished_at = models.DateTimeField(null=True, blank=True)
