from datetime import date
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models
from django.db.models.functions import Coalesce, Now

from procedures.domain.lifecycle import Status
from procedures.domain.transfers import State
from procedures.models.search import _TextSearchVector

BEING_SETTLED = [Status.PROPOSED, Status.QUEUED, Status.SUPPLEMENT_REQUESTED, Status.TRANSFERRING]


def text(function: str, *arguments: Any) -> models.Func:
    return models.Func(*arguments, function=function, output_field=models.TextField())


# Each word of search_text with the office before it (docs/decisions/0142).
OFFICE = text("textcat", models.F("office_id"), models.Value("/"))
BETWEEN = text("textcat", models.Value(" "), OFFICE)
OFFICE_WORDS = text("textcat", OFFICE, text("replace", models.F("search_text"), models.Value(" "), BETWEEN))
WORDS = models.Func(
    text("string_to_array", OFFICE_WORDS, models.Value(" ")),
    function="array_to_tsvector",
    output_field=_TextSearchVector(),
)

FORBID = """
CREATE FUNCTION forbid_change_of_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
"""
NO_CHANGE = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON procedures_{table}
    FOR EACH ROW EXECUTE FUNCTION forbid_change_of_history();
"""
NO_TRUNCATE = """
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON procedures_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_change_of_history();
"""
# A leaf gets its place in the tree once.
LEAF_GETS_ITS_PLACE = """
CREATE TRIGGER append_only BEFORE DELETE ON procedures_leaf
    FOR EACH ROW EXECUTE FUNCTION forbid_change_of_history();
CREATE TRIGGER append_only_but_place BEFORE UPDATE ON procedures_leaf
    FOR EACH ROW WHEN (
        OLD.position IS NOT NULL
        OR (OLD.id, OLD.event_id, OLD.content, OLD.salt, OLD.hash)
            IS DISTINCT FROM (NEW.id, NEW.event_id, NEW.content, NEW.salt, NEW.hash)
    ) EXECUTE FUNCTION forbid_change_of_history();
"""
RECORDS = [
    *("dossierevent", "treenode", "logkey", "checkpoint"),
    *("accessentry", "checkmark", "internalnote", "estimaterevision"),
]
HISTORY_IS_APPEND_ONLY = "".join(
    [
        FORBID,
        *(NO_CHANGE.format(table=table) for table in [*RECORDS, "filing", "reportedition"]),
        LEAF_GETS_ITS_PLACE,
        *(NO_TRUNCATE.format(table=table) for table in [*RECORDS, "leaf"]),
    ]
)
HISTORY_CHANGES = "DROP FUNCTION forbid_change_of_history() CASCADE"

# An office that was succeeded takes no more dossiers: whoever still writes its key (a filing that began
# before, an address book of old provinces) writes the successor's. FOR SHARE waits for a succession that is
# being carried out, and a succession waits for filings that hold it.
DOSSIERS_FOLLOW_SUCCESSORS = """
CREATE FUNCTION follow_successor() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE following varchar;
BEGIN
    LOOP
        SELECT successor_id INTO following FROM accounts_office WHERE key = NEW.office_id FOR SHARE;
        EXIT WHEN following IS NULL;
        NEW.office_id := following;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER follow_successor BEFORE INSERT OR UPDATE OF office_id ON procedures_dossier
    FOR EACH ROW WHEN (NEW.office_id IS NOT NULL AND NEW.status NOT IN ('approved', 'refused', 'withdrawn'))
    EXECUTE FUNCTION follow_successor();

CREATE FUNCTION dispatch_to_office_of_dossier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.office_id := coalesce((
        SELECT d.office_id FROM procedures_filing f JOIN procedures_dossier d ON d.id = f.dossier_id
        WHERE f.id = NEW.filing_id
    ), NEW.office_id);
    RETURN NEW;
END $$;
CREATE TRIGGER dispatch_to_office_of_dossier BEFORE INSERT ON procedures_dispatch
    FOR EACH ROW EXECUTE FUNCTION dispatch_to_office_of_dossier();
"""
DOSSIERS_STAY = """
DROP FUNCTION dispatch_to_office_of_dossier() CASCADE;
DROP FUNCTION follow_successor() CASCADE;
"""

# Whoever asks about the dossiers begun in a period (the funnel) skips the years before it: a few pages of an
# index that costs an insert nothing.
DOSSIERS_BY_BEGINNING = "CREATE INDEX dossier_begun ON procedures_dossier USING brin (created_at)"


class Tables(migrations.SeparateDatabaseAndState):
    """Made in one step. With a step for each, Django builds every model again that has to do with the new one,
    which takes it three times as long as everything else."""

    def __init__(self, *tables: migrations.CreateModel) -> None:
        super().__init__(state_operations=tables)

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.__dict__.pop("apps", None)  # built when they are asked for, with all tables
        super().state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for table in self.state_operations:
            table.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for table in reversed(self.state_operations):
            table.database_backwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    """What the first 23 migrations made, at once (docs/decisions/0145). Columns stand in the order in which
    those added them."""

    initial = True
    replaces = [
        ("procedures", "0001_initial"),
        ("procedures", "0002_append_only_events"),
        ("procedures", "0003_tally_marks"),
        ("procedures", "0004_officers_hold_dossiers"),
        ("procedures", "0005_append_only_log"),
        ("procedures", "0006_reports_targets_imports"),
        ("procedures", "0007_two_people_decide"),
        ("procedures", "0008_one_legal_clock"),
        ("procedures", "0009_offices_succeed"),
        ("procedures", "0010_transfers_between_offices"),
        ("procedures", "0011_who_looked"),
        ("procedures", "0012_when_drafts_began"),
        ("procedures", "0013_the_officers_desk"),
        ("procedures", "0014_offices_and_citizens"),
        ("procedures", "0015_files_checked_and_copied"),
        ("procedures", "0016_certificates"),
        ("procedures", "0017_ratings_by_office"),
        ("procedures", "0018_covering_month_tallies"),
        ("procedures", "0019_words_without_coalesce"),
        ("procedures", "0020_settled_anew"),
        ("procedures", "0021_reasons_of_supplements"),
        ("procedures", "0022_words_within_the_office"),
        ("procedures", "0023_complaints_withdrawn_on_paper"),
    ]
    dependencies = [("accounts", "0001_squashed_0010")]
    operations = [
        Tables(
            migrations.CreateModel(
                name="Holiday",
                fields=[
                    ("day", models.DateField(primary_key=True, serialize=False)),
                    ("is_working", models.BooleanField(default=False)),
                    ("name", models.CharField(max_length=120)),
                    ("source", models.CharField(max_length=200)),
                ],
                options={"ordering": ["day"]},
            ),
            migrations.CreateModel(
                name="Dossier",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("public_id", models.UUIDField(default=uuid4, editable=False, unique=True)),
                    ("reference", models.CharField(blank=True, max_length=32, null=True, unique=True)),
                    ("procedure", models.CharField(max_length=40)),
                    ("edition", models.CharField(max_length=10)),
                    (
                        "channel",
                        models.CharField(
                            choices=[("electronic", "Điện tử"), ("counter", "Trực tiếp"), ("post", "Bưu chính")],
                            default="electronic",
                            max_length=10,
                        ),
                    ),
                    (
                        "status",
                        models.CharField(
                            choices=[
                                (Status.DRAFT, Status.DRAFT),
                                (Status.FILED, Status.FILED),
                                (Status.QUEUED, Status.QUEUED),
                                (Status.SUPPLEMENT_REQUESTED, Status.SUPPLEMENT_REQUESTED),
                                (Status.PROPOSED, Status.PROPOSED),
                                (Status.TRANSFERRING, Status.TRANSFERRING),
                                (Status.APPROVED, Status.APPROVED),
                                (Status.REFUSED, Status.REFUSED),
                                (Status.WITHDRAWN, Status.WITHDRAWN),
                            ],
                            default=Status.DRAFT,
                            max_length=24,
                        ),
                    ),
                    ("revision", models.PositiveIntegerField(default=0)),
                    ("answers", models.JSONField(default=dict)),
                    ("follows_on_paper", models.JSONField(default=list)),
                    ("confirmed_warnings", models.JSONField(default=list)),
                    ("estimate", models.JSONField(blank=True, null=True)),
                    ("routing", models.JSONField(blank=True, null=True)),
                    ("search_text", models.TextField(blank=True)),
                    ("is_test", models.BooleanField(default=False)),
                    ("created_at", models.DateTimeField(db_default=Now())),
                    ("updated_at", models.DateTimeField(db_default=Now())),
                    ("filed_at", models.DateTimeField(blank=True, null=True)),
                    ("queued_at", models.DateTimeField(blank=True, null=True)),
                    ("due_on", models.DateField(blank=True, null=True)),
                    (
                        "due_order",
                        models.GeneratedField(
                            db_persist=True,
                            expression=Coalesce("due_on", models.Value(date(9999, 12, 31))),
                            output_field=models.DateField(),
                        ),
                    ),
                    ("decided_at", models.DateTimeField(blank=True, null=True)),
                    (
                        "assignee",
                        models.ForeignKey(
                            blank=True, null=True, on_delete=models.PROTECT, related_name="assigned_dossiers", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("filer", models.ForeignKey(on_delete=models.PROTECT, related_name="dossiers", to=settings.AUTH_USER_MODEL)),
                    (
                        "office",
                        models.ForeignKey(
                            blank=True, db_index=False, null=True, on_delete=models.PROTECT, related_name="dossiers", to="accounts.office"
                        ),
                    ),
                    ("held_until", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["office", "-filed_at", "-id"], name="dossier_of_office"),
                        models.Index(fields=["filer", "-updated_at"], name="dossier_of_filer"),
                        models.Index(
                            condition=models.Q(status__in=BEING_SETTLED), fields=["office", "due_order", "id"], name="dossier_queue"
                        ),
                        models.Index(condition=models.Q(status__in=BEING_SETTLED), fields=["due_order", "id"], name="dossier_due"),
                        models.Index(
                            condition=models.Q(decided_at__isnull=False), fields=["office", "-decided_at"], name="dossier_decided"
                        ),
                        GinIndex(WORDS, condition=~models.Q(search_text=""), name="dossier_words"),
                        GinIndex(WORDS, condition=models.Q(status__in=BEING_SETTLED), name="dossier_words_of_work"),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(status=Status.DRAFT)
                            | models.Q(filed_at__isnull=False, office__isnull=False, reference__isnull=False),
                            name="filed_dossiers_have_reference_and_office",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="EstimateRevision",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("lines", models.JSONField(default=list)),
                    ("total_vnd", models.PositiveBigIntegerField(blank=True, null=True)),
                    ("at", models.DateTimeField(db_default=Now())),
                    ("by", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                    ("dossier", models.ForeignKey(on_delete=models.PROTECT, related_name="revisions", to="procedures.dossier")),
                ],
                options={"ordering": ["id"], "indexes": [models.Index(fields=["dossier", "id"], name="revision_of_dossier")]},
            ),
            migrations.CreateModel(
                name="Decision",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("outcome", models.CharField(choices=[("approve", "Duyệt"), ("refuse", "Từ chối")], max_length=8)),
                    ("amount_vnd", models.PositiveBigIntegerField(blank=True, null=True)),
                    ("reason_code", models.CharField(blank=True, max_length=40)),
                    ("reason", models.TextField(blank=True)),
                    ("legal_basis", models.CharField(blank=True, max_length=200)),
                    ("decided_at", models.DateTimeField(db_default=Now())),
                    ("decided_by", models.ForeignKey(on_delete=models.PROTECT, to=settings.AUTH_USER_MODEL)),
                    ("dossier", models.ForeignKey(on_delete=models.PROTECT, related_name="decisions", to="procedures.dossier")),
                    (
                        "revision",
                        models.ForeignKey(
                            blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="procedures.estimaterevision"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(condition=models.Q(outcome="approve") | ~models.Q(reason=""), name="a_refusal_has_a_reason")
                    ],
                    "ordering": ["id"],
                },
            ),
            migrations.CreateModel(
                name="CoSignature",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("full_name", models.CharField(max_length=100)),
                    ("bhxh_number", models.CharField(max_length=10)),
                    ("asked_at", models.DateTimeField(db_default=Now())),
                    ("digest", models.CharField(blank=True, max_length=64)),
                    ("signed_at", models.DateTimeField(blank=True, null=True)),
                    ("voided_at", models.DateTimeField(blank=True, null=True)),
                    ("void_reason", models.CharField(blank=True, max_length=200)),
                    ("code", models.OneToOneField(blank=True, null=True, on_delete=models.PROTECT, to="accounts.transactioncode")),
                    (
                        "signer",
                        models.ForeignKey(
                            blank=True, null=True, on_delete=models.PROTECT, related_name="co_signatures", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("dossier", models.ForeignKey(on_delete=models.PROTECT, related_name="co_signatures", to="procedures.dossier")),
                    (
                        "certificate",
                        models.OneToOneField(blank=True, null=True, on_delete=models.PROTECT, to="accounts.certificatesignature"),
                    ),
                ],
                options={
                    "ordering": ["id"],
                    "indexes": [models.Index(condition=models.Q(voided_at=None), fields=["bhxh_number"], name="cosignature_live")],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(voided_at__isnull=True),
                            fields=("dossier", "bhxh_number"),
                            name="one_live_co_signature_a_person",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Attachment",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("public_id", models.UUIDField(default=uuid4, editable=False, unique=True)),
                    ("document", models.CharField(max_length=40)),
                    ("name", models.CharField(max_length=100)),
                    ("content_type", models.CharField(max_length=40)),
                    ("size", models.PositiveIntegerField()),
                    ("sha256", models.CharField(max_length=64)),
                    ("storage_name", models.CharField(max_length=64, unique=True)),
                    ("filing_number", models.PositiveSmallIntegerField(blank=True, null=True)),
                    ("uploaded_at", models.DateTimeField(db_default=Now())),
                    ("dossier", models.ForeignKey(on_delete=models.PROTECT, related_name="attachments", to="procedures.dossier")),
                    ("pages", models.PositiveSmallIntegerField(blank=True, null=True)),
                    ("copy_name", models.CharField(blank=True, max_length=64)),
                    ("copy_size", models.PositiveIntegerField(blank=True, null=True)),
                    ("copy_type", models.CharField(blank=True, max_length=40)),
                    ("is_signed", models.BooleanField(default=False)),
                    ("key_id", models.CharField(blank=True, max_length=16)),
                    (
                        "safety",
                        models.CharField(
                            choices=[
                                ("waiting", "Đang chờ kiểm tra"),
                                ("clean", "Đã quét vi-rút"),
                                ("unscanned", "Chưa quét vi-rút"),
                                ("infected", "Có mã độc"),
                                ("unreadable", "Không tạo được bản xem"),
                            ],
                            default="waiting",
                            max_length=10,
                        ),
                    ),
                    ("threat", models.CharField(blank=True, max_length=100)),
                ],
                options={"ordering": ["id"]},
            ),
            migrations.CreateModel(
                name="DossierEvent",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("act", models.CharField(max_length=24)),
                    ("status", models.CharField(max_length=24)),
                    ("detail", models.JSONField(default=dict)),
                    ("at", models.DateTimeField(db_default=Now())),
                    ("actor", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, to=settings.AUTH_USER_MODEL)),
                    ("dossier", models.ForeignKey(on_delete=models.PROTECT, related_name="events", to="procedures.dossier")),
                ],
                options={"ordering": ["id"], "indexes": [models.Index(fields=["dossier", "id"], name="procedures__dossier_ca5684_idx")]},
            ),
            migrations.CreateModel(
                name="Filing",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("number", models.PositiveSmallIntegerField()),
                    ("digest", models.CharField(max_length=64)),
                    ("signed_content", models.BinaryField()),
                    ("filed_at", models.DateTimeField(db_default=Now())),
                    ("code", models.OneToOneField(blank=True, null=True, on_delete=models.PROTECT, to="accounts.transactioncode")),
                    ("dossier", models.ForeignKey(on_delete=models.PROTECT, related_name="filings", to="procedures.dossier")),
                    (
                        "certificate",
                        models.OneToOneField(blank=True, null=True, on_delete=models.PROTECT, to="accounts.certificatesignature"),
                    ),
                ],
                options={
                    "ordering": ["number"],
                    "constraints": [
                        models.UniqueConstraint(fields=("dossier", "number"), name="one_filing_a_number"),
                        models.CheckConstraint(
                            condition=models.Q(code__isnull=True) | models.Q(certificate__isnull=True), name="a_filing_is_signed_in_one_way"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Dispatch",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    (
                        "state",
                        models.CharField(
                            choices=[("waiting", "Đang chờ"), ("done", "Xong"), ("quarantined", "Cần người xử lý")],
                            default="waiting",
                            max_length=12,
                        ),
                    ),
                    ("created_at", models.DateTimeField(db_default=Now())),
                    ("next_try_at", models.DateTimeField(db_default=Now())),
                    ("published", models.PositiveIntegerField(default=0)),
                    ("starts", models.PositiveIntegerField(default=0)),
                    ("done_at", models.DateTimeField(blank=True, null=True)),
                    ("last_error", models.TextField(blank=True)),
                    ("office", models.ForeignKey(on_delete=models.PROTECT, to="accounts.office")),
                    ("filing", models.OneToOneField(on_delete=models.PROTECT, related_name="dispatch", to="procedures.filing")),
                ],
                options={"indexes": [models.Index(condition=models.Q(state="waiting"), fields=["next_try_at"], name="dispatch_waiting")]},
            ),
            migrations.CreateModel(
                name="Notice",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    (
                        "state",
                        models.CharField(
                            choices=[("waiting", "Đang chờ"), ("done", "Xong"), ("quarantined", "Cần người xử lý")],
                            default="waiting",
                            max_length=12,
                        ),
                    ),
                    ("created_at", models.DateTimeField(db_default=Now())),
                    ("next_try_at", models.DateTimeField(db_default=Now())),
                    ("published", models.PositiveIntegerField(default=0)),
                    ("starts", models.PositiveIntegerField(default=0)),
                    ("done_at", models.DateTimeField(blank=True, null=True)),
                    ("last_error", models.TextField(blank=True)),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("receipt", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
                                ("supplement_requested", "Yêu cầu bổ sung"),
                                ("supplemented", "Đã nhận bổ sung"),
                                ("apologised", "Xin lỗi và hẹn lại ngày trả"),
                                ("transfer_sent", "Hồ sơ đã gửi nơi đến"),
                                ("transfer_accepted", "Nơi đến đã nhận hồ sơ"),
                                ("referred", "Hồ sơ chuyển đến cơ quan có thẩm quyền"),
                                ("referral_accepted", "Cơ quan có thẩm quyền đã nhận hồ sơ"),
                                ("approved", "Hồ sơ được duyệt"),
                                ("refused", "Hồ sơ bị từ chối"),
                                ("withdrawn", "Đã rút hồ sơ"),
                                ("complaint_made", "Đã nhận khiếu nại"),
                                ("complaint_withdrawn", "Đã ghi nhận rút khiếu nại"),
                                ("complaint_answered", "Đã trả lời khiếu nại"),
                                ("reopened", "Hồ sơ được giải quyết lại"),
                                ("co_sign_asked", "Mời cùng ký hồ sơ"),
                                ("co_signed", "Có người đã cùng ký"),
                                ("co_signature_voided", "Chữ ký chung không còn hiệu lực"),
                            ],
                            max_length=24,
                        ),
                    ),
                    ("channel", models.CharField(max_length=5)),
                    ("destination", models.CharField(max_length=254)),
                    ("delivered_at", models.DateTimeField(blank=True, null=True)),
                    ("dossier", models.ForeignKey(on_delete=models.PROTECT, related_name="notices", to="procedures.dossier")),
                    ("event", models.ForeignKey(on_delete=models.PROTECT, to="procedures.dossierevent")),
                    ("recipient", models.ForeignKey(on_delete=models.PROTECT, to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    "indexes": [models.Index(condition=models.Q(state="waiting"), fields=["next_try_at"], name="notice_waiting")],
                    "constraints": [
                        models.UniqueConstraint(fields=("event", "kind", "recipient", "channel"), name="one_notice_an_event_and_channel")
                    ],
                },
            ),
            migrations.CreateModel(
                name="PaperOriginal",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("document", models.CharField(max_length=40)),
                    ("promised_at", models.DateTimeField(db_default=Now())),
                    ("received_at", models.DateTimeField(blank=True, null=True)),
                    ("dossier", models.ForeignKey(on_delete=models.PROTECT, related_name="paper_originals", to="procedures.dossier")),
                    ("expected_on", models.DateField(blank=True, null=True)),
                    ("missing_at", models.DateTimeField(blank=True, null=True)),
                    ("received_on", models.DateField(blank=True, null=True)),
                ],
                options={"constraints": [models.UniqueConstraint(fields=("dossier", "document"), name="one_promise_a_paper")]},
            ),
            migrations.CreateModel(
                name="ReferenceSequence",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("day", models.DateField()),
                    ("last", models.PositiveIntegerField(default=0)),
                    ("office", models.ForeignKey(on_delete=models.PROTECT, to="accounts.office")),
                ],
                options={"constraints": [models.UniqueConstraint(fields=("office", "day"), name="one_sequence_a_day")]},
            ),
            migrations.CreateModel(
                name="SupplementRequest",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("documents", models.JSONField(default=list)),
                    ("questions", models.JSONField(default=list)),
                    ("reason", models.TextField(blank=True)),
                    ("requested_at", models.DateTimeField(db_default=Now())),
                    ("answer_by", models.DateField()),
                    ("answered_at", models.DateTimeField(blank=True, null=True)),
                    ("dossier", models.ForeignKey(on_delete=models.PROTECT, related_name="supplement_requests", to="procedures.dossier")),
                    ("requested_by", models.ForeignKey(on_delete=models.PROTECT, to=settings.AUTH_USER_MODEL)),
                    ("reasons", models.JSONField(default=dict)),
                ],
                options={
                    "ordering": ["-id"],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(answered_at__isnull=True), fields=("dossier",), name="one_open_supplement_request"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Tally",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("day", models.DateField()),
                    ("procedure", models.CharField(max_length=40)),
                    ("channel", models.CharField(max_length=10)),
                    ("event", models.CharField(max_length=24)),
                    ("count", models.PositiveIntegerField(default=0)),
                    ("office", models.ForeignKey(on_delete=models.PROTECT, to="accounts.office")),
                ],
                options={
                    "indexes": [models.Index(fields=["event", "day"], name="tally_of_day")],
                    "constraints": [
                        models.UniqueConstraint(fields=("office", "day", "procedure", "channel", "event"), name="one_tally_a_cell")
                    ],
                },
            ),
            migrations.CreateModel(
                name="MonthTally",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("procedure", models.CharField(max_length=40)),
                    ("channel", models.CharField(max_length=10)),
                    ("event", models.CharField(max_length=24)),
                    ("month", models.DateField()),
                    ("count", models.PositiveIntegerField(default=0)),
                    ("office", models.ForeignKey(db_index=False, on_delete=models.PROTECT, to="accounts.office")),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["event", "month"], include=("office", "procedure", "channel", "count"), name="tally_of_month")
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("office", "month", "procedure", "channel", "event"), name="one_tally_a_month")
                    ],
                },
            ),
            migrations.CreateModel(
                name="TallyMark",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("procedure", models.CharField(max_length=40)),
                    ("channel", models.CharField(max_length=10)),
                    ("event", models.CharField(max_length=24)),
                    ("day", models.DateField()),
                    ("office", models.ForeignKey(db_index=False, on_delete=models.PROTECT, to="accounts.office")),
                ],
            ),
            migrations.CreateModel(
                name="HandOver",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("take", "Nhận xử lý"),
                                ("release", "Trả lại hàng chờ"),
                                ("hand_over", "Bàn giao"),
                                ("take_over", "Tiếp quản"),
                                ("assign", "Phân công"),
                            ],
                            max_length=10,
                        ),
                    ),
                    ("reason", models.CharField(blank=True, max_length=500)),
                    ("due_on", models.DateField(blank=True, null=True)),
                    ("at", models.DateTimeField(db_default=Now())),
                    ("read_at", models.DateTimeField(blank=True, null=True)),
                    ("by", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                    ("dossier", models.ForeignKey(on_delete=models.PROTECT, related_name="hand_overs", to="procedures.dossier")),
                    (
                        "from_officer",
                        models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                    ),
                    (
                        "to_officer",
                        models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                    ),
                ],
                options={
                    "ordering": ["id"],
                    "indexes": [
                        models.Index(
                            condition=models.Q(kind__in=["take_over", "assign"], read_at__isnull=True),
                            fields=["from_officer"],
                            name="handover_from_unread",
                        ),
                        models.Index(
                            condition=models.Q(kind__in=["hand_over", "assign"], read_at__isnull=True),
                            fields=["to_officer"],
                            name="handover_to_unread",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="SavedFilter",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("name", models.CharField(max_length=40)),
                    ("query", models.CharField(max_length=400)),
                    ("created_at", models.DateTimeField(db_default=Now())),
                    ("officer", models.ForeignKey(on_delete=models.CASCADE, related_name="saved_filters", to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    "ordering": ["id"],
                    "constraints": [models.UniqueConstraint(fields=("officer", "name"), name="one_saved_filter_a_name")],
                },
            ),
            migrations.CreateModel(
                name="LogKey",
                fields=[
                    ("key_id", models.CharField(max_length=8, primary_key=True, serialize=False)),
                    ("public_key", models.BinaryField()),
                    ("endorsement", models.BinaryField(default=b"")),
                    ("made_at", models.DateTimeField(db_default=Now())),
                    ("endorsed_by", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, to="procedures.logkey")),
                ],
                options={"ordering": ["made_at", "key_id"]},
            ),
            migrations.CreateModel(
                name="TreeNode",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("level", models.PositiveSmallIntegerField()),
                    ("index", models.PositiveBigIntegerField()),
                    ("hash", models.BinaryField()),
                ],
                options={"constraints": [models.UniqueConstraint(fields=("level", "index"), name="one_node_a_place")]},
            ),
            migrations.CreateModel(
                name="Leaf",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("content", models.BinaryField()),
                    ("salt", models.BinaryField()),
                    ("hash", models.BinaryField()),
                    ("position", models.PositiveBigIntegerField(blank=True, null=True, unique=True)),
                    ("event", models.OneToOneField(on_delete=models.PROTECT, related_name="leaf", to="procedures.dossierevent")),
                ],
                options={
                    "ordering": ["id"],
                    "indexes": [models.Index(condition=models.Q(position__isnull=True), fields=["id"], name="leaf_waiting")],
                },
            ),
            migrations.CreateModel(
                name="Checkpoint",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("tree_size", models.PositiveBigIntegerField()),
                    ("root", models.BinaryField()),
                    ("note", models.TextField()),
                    ("made_at", models.DateTimeField()),
                    ("key", models.ForeignKey(on_delete=models.PROTECT, related_name="checkpoints", to="procedures.logkey")),
                ],
                options={"ordering": ["id"], "indexes": [models.Index(fields=["tree_size", "id"], name="checkpoint_of_size")]},
            ),
            migrations.CreateModel(
                name="ImportedCount",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("month", models.DateField()),
                    ("count", models.PositiveIntegerField()),
                    ("source", models.CharField(max_length=200)),
                    ("imported_at", models.DateTimeField(db_default=Now())),
                    ("replaced_at", models.DateTimeField(blank=True, null=True)),
                    ("imported_by", models.ForeignKey(null=True, on_delete=models.PROTECT, to=settings.AUTH_USER_MODEL)),
                    ("office", models.ForeignKey(on_delete=models.PROTECT, to="accounts.office")),
                ],
                options={
                    "ordering": ["-imported_at", "-id"],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(replaced_at__isnull=True), fields=("office", "month"), name="one_import_a_month"
                        ),
                        models.CheckConstraint(condition=~models.Q(source=""), name="an_import_has_a_source"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ReportEdition",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("content", models.BinaryField()),
                    ("digest", models.CharField(max_length=64)),
                    ("title", models.CharField(max_length=200)),
                    ("period", models.CharField(max_length=40)),
                    ("frozen_at", models.DateTimeField(db_default=Now())),
                    ("reason", models.TextField(blank=True)),
                    (
                        "corrects",
                        models.OneToOneField(
                            blank=True, null=True, on_delete=models.PROTECT, related_name="correction", to="procedures.reportedition"
                        ),
                    ),
                    ("frozen_by", models.ForeignKey(null=True, on_delete=models.PROTECT, to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    "ordering": ["-id"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(corrects__isnull=True) | ~models.Q(reason=""), name="a_correction_has_a_reason"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Target",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("series", models.CharField(max_length=20)),
                    ("procedure", models.CharField(blank=True, max_length=40)),
                    ("value", models.DecimalField(decimal_places=2, max_digits=5)),
                    ("due_on", models.DateField()),
                    ("source", models.CharField(max_length=200)),
                    ("set_at", models.DateTimeField(db_default=Now())),
                    ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                    ("office", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, to="accounts.office")),
                    ("set_by", models.ForeignKey(null=True, on_delete=models.PROTECT, to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    "ordering": ["due_on", "id"],
                    "constraints": [
                        models.CheckConstraint(condition=models.Q(value__gt=0, value__lte=100), name="a_target_is_a_rate"),
                        models.CheckConstraint(condition=~models.Q(source=""), name="a_target_has_a_source"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Proposal",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("outcome", models.CharField(choices=[("approve", "Duyệt"), ("refuse", "Từ chối")], max_length=8)),
                    ("amount_vnd", models.PositiveBigIntegerField(blank=True, null=True)),
                    ("reason_code", models.CharField(blank=True, max_length=40)),
                    ("reason", models.TextField(blank=True)),
                    ("legal_basis", models.CharField(blank=True, max_length=200)),
                    ("proposed_at", models.DateTimeField(db_default=Now())),
                    (
                        "state",
                        models.CharField(
                            choices=[("open", "Chờ ký"), ("signed", "Đã ký"), ("returned", "Trả lại"), ("dropped", "Không còn cần")],
                            default="open",
                            max_length=8,
                        ),
                    ),
                    ("answered_at", models.DateTimeField(blank=True, null=True)),
                    ("remarks", models.TextField(blank=True)),
                    (
                        "answered_by",
                        models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                    ),
                    ("dossier", models.ForeignKey(on_delete=models.PROTECT, related_name="proposals", to="procedures.dossier")),
                    ("proposed_by", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                    ("last_month", models.DateField(blank=True, null=True)),
                    (
                        "revision",
                        models.ForeignKey(
                            blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="procedures.estimaterevision"
                        ),
                    ),
                ],
                options={
                    "ordering": ["id"],
                    "constraints": [
                        models.UniqueConstraint(condition=models.Q(state="open"), fields=("dossier",), name="one_open_proposal"),
                        models.CheckConstraint(
                            condition=models.Q(answered_by__isnull=True) | ~models.Q(answered_by=models.F("proposed_by")),
                            name="two_people_decide",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Apology",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("old_due_on", models.DateField()),
                    ("new_due_on", models.DateField()),
                    ("reason", models.TextField()),
                    ("made_at", models.DateTimeField(db_default=Now())),
                    ("dossier", models.OneToOneField(on_delete=models.PROTECT, related_name="apology", to="procedures.dossier")),
                    ("made_by", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name="Clock",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("counted_from", models.DateField()),
                    ("days", models.PositiveSmallIntegerField()),
                    ("unit", models.CharField(max_length=16)),
                    ("started_at", models.DateTimeField(db_default=Now())),
                    ("dossier", models.OneToOneField(on_delete=models.PROTECT, related_name="clock", to="procedures.dossier")),
                ],
            ),
            migrations.CreateModel(
                name="Breach",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("due_on", models.DateField()),
                    ("found_at", models.DateTimeField(db_default=Now())),
                    ("draft", models.TextField()),
                    ("dossier", models.ForeignKey(on_delete=models.PROTECT, related_name="breaches", to="procedures.dossier")),
                    (
                        "escalated_to",
                        models.CharField(
                            choices=[
                                ("citizen", "Người dân"),
                                ("officer", "Cán bộ xử lý"),
                                ("head", "Lãnh đạo cơ quan BHXH"),
                                ("issuer", "Cán bộ cấp mã"),
                                ("hq", "BHXH Việt Nam"),
                            ],
                            default="head",
                            max_length=10,
                        ),
                    ),
                ],
                options={"constraints": [models.UniqueConstraint(fields=("dossier", "due_on"), name="one_breach_a_due_date")]},
            ),
            migrations.CreateModel(
                name="ClockPause",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    (
                        "reason",
                        models.CharField(
                            choices=[
                                ("supplement", "Chờ người nộp bổ sung"),
                                ("paper", "Chờ bản giấy"),
                                ("transfer", "Chờ cơ quan nơi đến trả lời"),
                            ],
                            max_length=12,
                        ),
                    ),
                    ("owner", models.CharField(choices=[("filer", "người nộp"), ("office_elsewhere", "cơ quan nơi đến")], max_length=16)),
                    ("began_at", models.DateTimeField(db_default=Now())),
                    ("ended_at", models.DateTimeField(blank=True, null=True)),
                    ("dossier", models.ForeignKey(on_delete=models.PROTECT, related_name="pauses", to="procedures.dossier")),
                ],
                options={
                    "ordering": ["id"],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(ended_at__isnull=True), fields=("dossier", "reason"), name="one_open_pause_a_reason"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Outage",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("first", models.DateField()),
                    ("last", models.DateField()),
                    ("reason", models.CharField(max_length=300)),
                    ("recorded_at", models.DateTimeField(db_default=Now())),
                    ("applied_at", models.DateTimeField(blank=True, null=True)),
                    ("recorded_by", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    "ordering": ["-first", "-id"],
                    "constraints": [models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="an_outage_ends")],
                },
            ),
            migrations.CreateModel(
                name="Succession",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("plan", models.TextField()),
                    ("effective_on", models.DateField()),
                    ("carried_out_at", models.DateTimeField(db_default=Now())),
                    ("outcome", models.JSONField(default=dict)),
                    ("carried_out_by", models.ForeignKey(null=True, on_delete=models.PROTECT, to=settings.AUTH_USER_MODEL)),
                ],
                options={"ordering": ["-id"]},
            ),
            migrations.CreateModel(
                name="SuccessionMove",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("is_noted", models.BooleanField(default=False)),
                    ("dossier", models.ForeignKey(on_delete=models.PROTECT, related_name="succession_moves", to="procedures.dossier")),
                    ("from_office", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="accounts.office")),
                    ("succession", models.ForeignKey(on_delete=models.PROTECT, related_name="moves", to="procedures.succession")),
                    ("to_office", models.ForeignKey(db_index=False, on_delete=models.PROTECT, related_name="+", to="accounts.office")),
                ],
                options={
                    "indexes": [models.Index(condition=models.Q(is_noted=False), fields=["id"], name="move_to_note")],
                    "constraints": [models.UniqueConstraint(fields=("succession", "dossier"), name="one_move_a_succession")],
                },
            ),
            migrations.CreateModel(
                name="Transfer",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("public_id", models.UUIDField(default=uuid4, editable=False, unique=True)),
                    (
                        "kind",
                        models.CharField(choices=[("move", "Chuyển nơi hưởng"), ("referral", "Chuyển đến đúng cơ quan")], max_length=8),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                (State.SENT, State.SENT),
                                (State.ACCEPTED, State.ACCEPTED),
                                (State.RETURNED, State.RETURNED),
                                (State.TIMED_OUT, State.TIMED_OUT),
                                (State.DROPPED, State.DROPPED),
                            ],
                            default=State.SENT,
                            max_length=9,
                        ),
                    ),
                    ("last_month", models.DateField(blank=True, null=True)),
                    ("first_month", models.DateField(blank=True, null=True)),
                    ("exception", models.TextField(blank=True)),
                    ("reason", models.TextField(blank=True)),
                    ("sent_at", models.DateTimeField(db_default=Now())),
                    ("answer_by", models.DateField()),
                    ("answered_at", models.DateTimeField(blank=True, null=True)),
                    ("answer", models.TextField(blank=True)),
                    (
                        "answered_by",
                        models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                    ),
                    ("dossier", models.ForeignKey(on_delete=models.PROTECT, related_name="transfers", to="procedures.dossier")),
                    ("from_office", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="accounts.office")),
                    ("sent_by", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                    ("to_office", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="accounts.office")),
                ],
                options={
                    "ordering": ["id"],
                    "indexes": [
                        models.Index(condition=models.Q(state="sent"), fields=["to_office", "answer_by", "id"], name="transfer_incoming")
                    ],
                    "constraints": [
                        models.UniqueConstraint(condition=models.Q(state="sent"), fields=("dossier",), name="one_open_transfer"),
                        models.CheckConstraint(condition=~models.Q(from_office=models.F("to_office")), name="a_transfer_leaves_the_office"),
                        models.CheckConstraint(
                            condition=models.Q(first_month__isnull=True) | models.Q(first_month__gt=models.F("last_month")),
                            name="never_two_payers",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="AccessEntry",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("role", models.CharField(max_length=10)),
                    ("office", models.CharField(max_length=40)),
                    (
                        "purpose",
                        models.CharField(
                            choices=[("casework", "Giải quyết hồ sơ"), ("review", "Xem lại hồ sơ đã có kết quả")], max_length=8
                        ),
                    ),
                    ("at", models.DateTimeField(db_default=Now())),
                    (
                        "attachment",
                        models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="procedures.attachment"),
                    ),
                    ("dossier", models.ForeignKey(on_delete=models.PROTECT, related_name="access_entries", to="procedures.dossier")),
                    ("viewer", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    "ordering": ["-id"],
                    "indexes": [
                        models.Index(fields=["dossier", "-id"], name="access_of_dossier"),
                        models.Index(condition=models.Q(attachment__isnull=False), fields=["viewer", "at"], name="papers_read"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="CheckMark",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("filing_number", models.PositiveSmallIntegerField()),
                    ("item", models.CharField(max_length=60)),
                    ("verdict", models.CharField(choices=[("fine", "Đạt"), ("defect", "Chưa đạt"), ("open", "Chưa xem")], max_length=6)),
                    ("remark", models.TextField(blank=True)),
                    ("questions", models.JSONField(default=list)),
                    ("at", models.DateTimeField(db_default=Now())),
                    ("by", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                    ("dossier", models.ForeignKey(on_delete=models.PROTECT, related_name="check_marks", to="procedures.dossier")),
                ],
                options={"ordering": ["id"], "indexes": [models.Index(fields=["dossier", "id"], name="check_mark_of_dossier")]},
            ),
            migrations.CreateModel(
                name="InternalNote",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("kind", models.CharField(choices=[("fact", "Sự việc"), ("question", "Câu hỏi"), ("call", "Cuộc gọi")], max_length=8)),
                    ("text", models.TextField()),
                    ("at", models.DateTimeField(db_default=Now())),
                    ("by", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                    ("dossier", models.ForeignKey(on_delete=models.PROTECT, related_name="internal_notes", to="procedures.dossier")),
                ],
                options={"ordering": ["id"], "indexes": [models.Index(fields=["dossier", "id"], name="note_of_dossier")]},
            ),
            migrations.CreateModel(
                name="Complaint",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("public_id", models.UUIDField(default=uuid4, editable=False, unique=True)),
                    ("text", models.TextField()),
                    ("made_at", models.DateTimeField(db_default=Now())),
                    ("due_on", models.DateField()),
                    ("basis", models.CharField(max_length=200)),
                    (
                        "outcome",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("upheld", "Khiếu nại đúng"),
                                ("partly", "Khiếu nại đúng một phần"),
                                ("dismissed", "Khiếu nại không đúng"),
                            ],
                            max_length=9,
                        ),
                    ),
                    ("answer", models.TextField(blank=True)),
                    ("answered_at", models.DateTimeField(blank=True, null=True)),
                    ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                    ("dossier", models.ForeignKey(on_delete=models.PROTECT, related_name="complaints", to="procedures.dossier")),
                    (
                        "reviewer",
                        models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                    ),
                    ("decision", models.OneToOneField(on_delete=models.PROTECT, related_name="complaint", to="procedures.decision")),
                    ("withdrawal_reason", models.CharField(blank=True, db_default="", max_length=300)),
                    ("withdrawal_signed_on", models.DateField(blank=True, null=True)),
                    (
                        "withdrawn_by",
                        models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                    ),
                ],
                options={
                    "ordering": ["due_on", "id"],
                    "indexes": [
                        models.Index(
                            condition=models.Q(answered_at__isnull=True, withdrawn_at__isnull=True),
                            fields=["due_on"],
                            name="complaint_open",
                        )
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(answered_at__isnull=True)
                            | ~models.Q(answer="") & ~models.Q(outcome="") & models.Q(reviewer__isnull=False),
                            name="an_answer_has_words_and_a_reviewer",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(withdrawal_signed_on__isnull=True, withdrawn_by__isnull=True)
                            | models.Q(
                                answered_at__isnull=True,
                                withdrawal_signed_on__isnull=False,
                                withdrawn_at__isnull=False,
                                withdrawn_by__isnull=False,
                            ),
                            name="a_withdrawal_on_paper_has_a_day_and_an_officer",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="DailyCount",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("day", models.DateField()),
                    ("procedure", models.CharField(max_length=40)),
                    ("channel", models.CharField(max_length=10)),
                    ("count", models.PositiveIntegerField()),
                    ("source", models.CharField(max_length=200)),
                    ("imported_at", models.DateTimeField(db_default=Now())),
                    ("replaced_at", models.DateTimeField(blank=True, null=True)),
                    ("imported_by", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                    ("office", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="accounts.office")),
                ],
                options={
                    "ordering": ["-day", "-id"],
                    "indexes": [models.Index(condition=models.Q(replaced_at__isnull=True), fields=["day"], name="dailycount_of_day")],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(replaced_at__isnull=True),
                            fields=("office", "day", "procedure", "channel"),
                            name="one_daily_count_a_cell",
                        ),
                        models.CheckConstraint(condition=models.Q(channel__in=["counter", "post"]), name="daily_counts_are_of_paper"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Difficulty",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("public_id", models.UUIDField(default=uuid4, editable=False, unique=True)),
                    ("role", models.CharField(max_length=10)),
                    ("reported_at", models.DateTimeField(db_default=Now())),
                    (
                        "subject",
                        models.CharField(
                            choices=[
                                ("sign_in", "Đăng nhập, tài khoản"),
                                ("code", "Mã xác thực, mã kích hoạt"),
                                ("form", "Tờ khai, giấy tờ"),
                                ("casework", "Giải quyết hồ sơ"),
                                ("clock", "Thời hạn, ngày hẹn"),
                                ("figures", "Số liệu, báo cáo"),
                                ("law", "Quy định, căn cứ"),
                                ("other", "Việc khác"),
                            ],
                            max_length=10,
                        ),
                    ),
                    ("text", models.TextField()),
                    ("page", models.CharField(blank=True, max_length=80)),
                    ("reference", models.CharField(blank=True, max_length=32)),
                    ("answer", models.TextField(blank=True)),
                    ("answered_at", models.DateTimeField(blank=True, null=True)),
                    ("published_title", models.CharField(blank=True, max_length=200)),
                    ("published_at", models.DateTimeField(blank=True, null=True)),
                    (
                        "answered_by",
                        models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                    ),
                    (
                        "joined_to",
                        models.ForeignKey(
                            blank=True, null=True, on_delete=models.PROTECT, related_name="joined", to="procedures.difficulty"
                        ),
                    ),
                    ("office", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="accounts.office")),
                    ("reported_by", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    "ordering": ["-id"],
                    "indexes": [
                        models.Index(fields=["office", "-id"], name="difficulty_of_office"),
                        models.Index(
                            condition=models.Q(answered_at__isnull=True, joined_to__isnull=True), fields=["id"], name="difficulty_open"
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(published_at__isnull=True)
                            | models.Q(answered_at__isnull=False) & ~models.Q(published_title=""),
                            name="only_an_answer_is_published",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Rating",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("ease", models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])),
                    ("service", models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])),
                    ("made_at", models.DateTimeField(db_default=Now())),
                    ("dossier", models.OneToOneField(on_delete=models.PROTECT, related_name="rating", to="procedures.dossier")),
                    ("office", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="accounts.office")),
                ],
                options={
                    "indexes": [models.Index(fields=["office", "-id"], name="rating_of_office")],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(ease__range=(1, 5), service__range=(1, 5)), name="ratings_are_one_to_five"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="FileCheck",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    (
                        "state",
                        models.CharField(
                            choices=[("waiting", "Đang chờ"), ("done", "Xong"), ("quarantined", "Cần người xử lý")],
                            default="waiting",
                            max_length=12,
                        ),
                    ),
                    ("created_at", models.DateTimeField(db_default=Now())),
                    ("next_try_at", models.DateTimeField(db_default=Now())),
                    ("published", models.PositiveIntegerField(default=0)),
                    ("starts", models.PositiveIntegerField(default=0)),
                    ("done_at", models.DateTimeField(blank=True, null=True)),
                    ("last_error", models.TextField(blank=True)),
                    ("attachment", models.OneToOneField(on_delete=models.CASCADE, related_name="check_row", to="procedures.attachment")),
                ],
                options={"indexes": [models.Index(condition=models.Q(state="waiting"), fields=["next_try_at"], name="filecheck_waiting")]},
            ),
            migrations.CreateModel(
                name="IncomingFile",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("public_id", models.UUIDField(default=uuid4, editable=False, unique=True)),
                    ("document", models.CharField(max_length=40)),
                    ("name", models.CharField(max_length=100)),
                    ("size", models.PositiveIntegerField()),
                    ("refusal", models.TextField(blank=True)),
                    ("created_at", models.DateTimeField(db_default=Now())),
                    ("touched_at", models.DateTimeField(db_default=Now(), db_index=True)),
                    ("finished_at", models.DateTimeField(blank=True, null=True)),
                    (
                        "attachment",
                        models.OneToOneField(
                            blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to="procedures.attachment"
                        ),
                    ),
                    ("dossier", models.ForeignKey(on_delete=models.CASCADE, related_name="incoming_files", to="procedures.dossier")),
                ],
            ),
        ),
        migrations.RunSQL(HISTORY_IS_APPEND_ONLY, HISTORY_CHANGES),
        migrations.RunSQL(DOSSIERS_FOLLOW_SUCCESSORS, DOSSIERS_STAY),
        migrations.RunSQL(DOSSIERS_BY_BEGINNING, "DROP INDEX dossier_begun"),
    ]
