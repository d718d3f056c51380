"""Sổ nhật ký: what proves later that nothing was changed, removed or slipped in (docs/decisions/0030).
All four tables are append-only; a trigger refuses everything but giving a leaf its place."""

from django.db import models
from django.db.models.functions import Now

from procedures.models.event import DossierEvent


class Leaf(models.Model):
    """Dòng nhật ký: one act, written in the act's transaction. Its place in the tree is given a moment
    later, so that no filing waits for another's."""

    event = models.OneToOneField(DossierEvent, on_delete=models.PROTECT, related_name="leaf")
    content = models.BinaryField()  # canonical JSON, byte for byte what ``hash`` covers
    salt = models.BinaryField()  # what opens the hashes in ``content``; given out with the receipt only
    hash = models.BinaryField()
    position = models.PositiveBigIntegerField(null=True, blank=True, unique=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["id"], name="leaf_waiting", condition=models.Q(position__isnull=True))
        ]


class TreeNode(models.Model):
    """A complete subtree of 2^level leaves; level 0 are the leaves themselves."""

    level = models.PositiveSmallIntegerField()
    index = models.PositiveBigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="one_node_a_place")]


class LogKey(models.Model):
    """Khóa ký nhật ký: the public half. Each but the first is endorsed by the one before it."""

    key_id = models.CharField(max_length=8, primary_key=True)
    public_key = models.BinaryField()  # Ed25519, 32 bytes
    endorsed_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    endorsement = models.BinaryField(default=b"")  # signature over the public key
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["made_at", "key_id"]


class Checkpoint(models.Model):
    """Điểm chốt: the signed root of the tree as it was at a moment."""

    tree_size = models.PositiveBigIntegerField()
    root = models.BinaryField()
    key = models.ForeignKey(LogKey, on_delete=models.PROTECT, related_name="checkpoints")
    note = models.TextField()  # the signed note as it is published
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["tree_size", "id"], name="checkpoint_of_size")]
