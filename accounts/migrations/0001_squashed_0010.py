from uuid import uuid4

from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now

EVENTS_ARE_APPEND_ONLY = """
CREATE FUNCTION forbid_change_of_security_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'security events are append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON accounts_securityevent
    FOR EACH ROW EXECUTE FUNCTION forbid_change_of_security_events();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON accounts_securityevent
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_change_of_security_events();
"""
EVENTS_CHANGE = "DROP FUNCTION forbid_change_of_security_events() CASCADE"


class Migration(migrations.Migration):
    """What the first ten migrations made, at once (docs/decisions/0145). Columns stand in the order in which
    those added them."""

    initial = True
    replaces = [
        ("accounts", "0001_initial"),
        ("accounts", "0002_what_the_issuer_saw"),
        ("accounts", "0003_second_factor"),
        ("accounts", "0004_two_people"),
        ("accounts", "0005_carriers"),
        ("accounts", "0006_own_codes"),
        ("accounts", "0007_track_by_code"),
        ("accounts", "0008_alarms_and_heartbeats"),
        ("accounts", "0009_certificates"),
        ("accounts", "0010_where_people_are_logged_in"),
    ]
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Throttle",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("window_from", models.DateTimeField(db_default=Now())),
                ("count", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Office",
            fields=[
                ("key", models.SlugField(max_length=40, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("official_name", models.CharField(max_length=120)),
                ("annex_name", models.CharField(max_length=80)),
                ("annex_order", models.PositiveSmallIntegerField(null=True)),
                ("code", models.CharField(max_length=3)),
                ("province_code", models.CharField(max_length=2)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("successor", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, to="accounts.office")),
            ],
            options={"ordering": ["name"]},
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("public_id", models.UUIDField(default=uuid4, editable=False, unique=True)),
                ("login", models.CharField(max_length=40, unique=True)),
                ("full_name", models.CharField(max_length=100)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("citizen", "Người dân"),
                            ("officer", "Cán bộ xử lý"),
                            ("head", "Lãnh đạo cơ quan BHXH"),
                            ("issuer", "Cán bộ cấp mã"),
                            ("hq", "BHXH Việt Nam"),
                        ],
                        default="citizen",
                        max_length=10,
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=15)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone_confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("email_confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("is_active", models.BooleanField(default=True)),
                ("is_test", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("office", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="staff", to="accounts.office")),
                ("live_session", models.CharField(blank=True, max_length=40)),
                ("hold_until", models.DateTimeField(blank=True, null=True)),
                ("is_vouched", models.BooleanField(default=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=~models.Q(role__in=["officer", "head", "issuer"]) | models.Q(office__isnull=False),
                        name="staff_of_an_office_have_one",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="Registration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid4, editable=False, unique=True)),
                ("full_name", models.CharField(max_length=100)),
                ("folded_name", models.CharField(max_length=100)),
                ("birth_date", models.DateField()),
                ("sex", models.CharField(choices=[("nam", "Nam"), ("nu", "Nữ")], max_length=3)),
                ("bhxh_number", models.CharField(max_length=10)),
                ("identity_number", models.CharField(max_length=12)),
                ("phone", models.CharField(max_length=15)),
                ("email", models.EmailField(max_length=254)),
                ("province", models.CharField(max_length=2)),
                ("district", models.CharField(max_length=3)),
                ("commune", models.CharField(max_length=5)),
                ("street", models.CharField(max_length=200)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Chờ kiểm tra giấy tờ"),
                            ("issued", "Đã cấp mã kích hoạt"),
                            ("activated", "Đã kích hoạt"),
                            ("refused", "Bị từ chối"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("refusal_reason", models.TextField(blank=True)),
                ("submitted_at", models.DateTimeField(auto_now_add=True)),
                ("office", models.ForeignKey(on_delete=models.PROTECT, to="accounts.office")),
                (
                    "user",
                    models.OneToOneField(
                        blank=True, null=True, on_delete=models.PROTECT, related_name="registration", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("vouched_at", models.DateTimeField(blank=True, null=True)),
                (
                    "vouched_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=models.PROTECT, related_name="vouched_for", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["office", "status", "submitted_at"], name="accounts_re_office__0e6a1b_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(status__in=["issued", "activated"]), fields=("bhxh_number",), name="one_account_a_bhxh_number"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IdentityCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("checked_at", models.DateTimeField(auto_now_add=True)),
                ("papers", models.JSONField()),
                ("matches", models.BooleanField()),
                ("note", models.TextField(blank=True)),
                ("checked_by", models.ForeignKey(on_delete=models.PROTECT, to=settings.AUTH_USER_MODEL)),
                ("registration", models.ForeignKey(on_delete=models.PROTECT, related_name="identity_checks", to="accounts.registration")),
                ("seen", models.JSONField(default=dict)),
                ("is_present", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="ActivationCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lookup", models.CharField(max_length=64, unique=True)),
                ("issued_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("voided_at", models.DateTimeField(blank=True, null=True)),
                ("issued_by", models.ForeignKey(on_delete=models.PROTECT, to=settings.AUTH_USER_MODEL)),
                ("registration", models.ForeignKey(on_delete=models.PROTECT, related_name="activation_codes", to="accounts.registration")),
                (
                    "asked_by",
                    models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("head", models.CharField(db_index=True, default="", max_length=64)),
                ("is_on_paper", models.BooleanField(default=False)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="TransactionCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("sign", "Ký hồ sơ"),
                            ("contact", "Xác nhận liên hệ"),
                            ("factor", "Thêm cách ký"),
                            ("track", "Tra cứu hồ sơ"),
                        ],
                        max_length=8,
                    ),
                ),
                ("challenge", models.UUIDField(default=uuid4, editable=False, unique=True)),
                ("digest", models.CharField(max_length=64)),
                ("subject", models.CharField(max_length=200)),
                ("account_tail", models.CharField(blank=True, max_length=4)),
                ("channel", models.CharField(max_length=5)),
                ("destination", models.CharField(max_length=254)),
                ("created_at", models.DateTimeField(db_default=Now())),
                ("delivered_at", models.DateTimeField(blank=True, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("spent_at", models.DateTimeField(blank=True, null=True)),
                ("voided_at", models.DateTimeField(blank=True, null=True)),
                ("user", models.ForeignKey(on_delete=models.PROTECT, related_name="transaction_codes", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [models.Index(fields=["user", "purpose", "-created_at"], name="accounts_tr_user_id_af917e_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(purpose="sign", spent_at__isnull=True, voided_at__isnull=True),
                        fields=("user",),
                        name="one_live_signing_code_a_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(purpose="contact", spent_at__isnull=True, voided_at__isnull=True),
                        fields=("user", "channel"),
                        name="one_live_contact_code_a_channel",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Alarm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("stuck", "Hồ sơ đã nộp chưa đến hàng chờ"),
                            ("silent", "Tiến trình ngừng báo tin"),
                            ("broker", "Không tới được máy chủ hàng đợi"),
                            ("disk", "Ổ đĩa sắp đầy"),
                            ("quarantined", "Việc thất bại nhiều lần, cần người xem"),
                            ("scanner", "Máy quét vi-rút không trả lời"),
                            ("signatures", "Mẫu vi-rút đã cũ"),
                            ("reads", "Cán bộ mở giấy tờ của quá nhiều hồ sơ trong ngày"),
                            ("infected", "Có tệp chứa mã độc"),
                        ],
                        max_length=12,
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=80)),
                ("detail", models.CharField(blank=True, max_length=200)),
                ("raised_at", models.DateTimeField(db_default=Now())),
                ("seen_at", models.DateTimeField(db_default=Now())),
                ("times", models.PositiveIntegerField(default=1)),
                ("cleared_at", models.DateTimeField(blank=True, null=True)),
                ("office", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, to="accounts.office")),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("kind", "subject"), name="one_alarm_a_matter")]},
        ),
        migrations.CreateModel(
            name="Message",
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
                            ("transaction_code", "Mã giao dịch"),
                            ("code_issued", "Đã cấp mã kích hoạt"),
                            ("registration_refused", "Từ chối đăng ký"),
                            ("reissued", "Đã cấp lại mã kích hoạt"),
                            ("contact_changed", "Đã đổi liên hệ"),
                            ("factor_reset", "Đã gỡ ứng dụng xác thực"),
                            ("alarm", "Cảnh báo"),
                        ],
                        max_length=24,
                    ),
                ),
                ("channel", models.CharField(max_length=5)),
                ("destination", models.CharField(max_length=254)),
                ("delivered_at", models.DateTimeField(blank=True, null=True)),
                ("user", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, to=settings.AUTH_USER_MODEL)),
                ("registration", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, to="accounts.registration")),
                (
                    "code",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=models.PROTECT, related_name="messages", to="accounts.transactioncode"
                    ),
                ),
                ("carrier_reference", models.CharField(blank=True, db_index=True, max_length=100)),
                ("failed_gateways", models.JSONField(default=list)),
                ("gateway", models.CharField(blank=True, max_length=100)),
                ("alarm", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, to="accounts.alarm")),
            ],
            options={"indexes": [models.Index(condition=models.Q(state="waiting"), fields=["next_try_at"], name="message_waiting")]},
        ),
        migrations.CreateModel(
            name="Authenticator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sealed_seed", models.BinaryField()),
                ("created_at", models.DateTimeField(db_default=Now())),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("last_step", models.BigIntegerField(default=0)),
                ("user", models.OneToOneField(on_delete=models.CASCADE, related_name="authenticator", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name="SecurityEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=Now())),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("factor_enrolled", "Đã gắn ứng dụng xác thực"),
                            ("factor_reset", "Đã gỡ ứng dụng xác thực"),
                            ("vouched", "Đã xem lại giấy tờ lần hai"),
                            ("act_asked", "Đã đề nghị người thứ hai"),
                            ("act_approved", "Đã duyệt đề nghị"),
                            ("act_refused", "Không duyệt đề nghị"),
                        ],
                        max_length=24,
                    ),
                ),
                ("detail", models.JSONField(default=dict)),
                ("actor", models.ForeignKey(on_delete=models.PROTECT, related_name="security_acts", to=settings.AUTH_USER_MODEL)),
                (
                    "person",
                    models.ForeignKey(null=True, on_delete=models.PROTECT, related_name="security_events", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={"indexes": [models.Index(fields=["person", "-at"], name="accounts_se_person__c3b634_idx")]},
        ),
        migrations.CreateModel(
            name="TwoPersonAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("reissue", "Cấp lại mã kích hoạt"),
                            ("contact", "Đổi số điện thoại, email"),
                            ("absent", "Cấp mã khi người đăng ký vắng mặt"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Chờ người thứ hai"), ("approved", "Đã duyệt"), ("refused", "Không duyệt")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("papers", models.JSONField(default=list)),
                ("reason", models.TextField()),
                ("new_phone", models.CharField(blank=True, max_length=15)),
                ("new_email", models.EmailField(blank=True, max_length=254)),
                ("asked_at", models.DateTimeField(db_default=Now())),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("asked_by", models.ForeignKey(on_delete=models.PROTECT, related_name="acts_asked_for", to=settings.AUTH_USER_MODEL)),
                (
                    "decided_by",
                    models.ForeignKey(null=True, on_delete=models.PROTECT, related_name="acts_decided", to=settings.AUTH_USER_MODEL),
                ),
                ("registration", models.ForeignKey(on_delete=models.PROTECT, related_name="two_person_acts", to="accounts.registration")),
            ],
            options={
                "indexes": [models.Index(fields=["state", "asked_at"], name="accounts_tw_state_0c338d_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("asked_by")),
                        name="decided_by_a_second_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(state="waiting"), fields=("registration",), name="one_act_waiting_a_registration"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CodeCard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(db_default=Now())),
                ("voided_at", models.DateTimeField(blank=True, null=True)),
                ("user", models.ForeignKey(on_delete=models.CASCADE, related_name="code_cards", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name="CardCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("lookup", models.CharField(max_length=64)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("card", models.ForeignKey(on_delete=models.CASCADE, related_name="codes", to="accounts.codecard")),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("card", "number"), name="one_code_a_number")]},
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=Now())),
            ],
        ),
        migrations.CreateModel(
            name="CertificateSignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("kind", models.CharField(choices=[("cms", "Chữ ký rời (.p7s)"), ("pdf", "PDF đã ký")], max_length=3)),
                ("container", models.BinaryField()),
                ("mark", models.CharField(max_length=64)),
                ("holder", models.CharField(max_length=200)),
                ("identity_number", models.CharField(max_length=12)),
                ("issuer", models.CharField(max_length=200)),
                ("serial", models.CharField(max_length=64)),
                ("fingerprint", models.CharField(max_length=64)),
                ("valid_to", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("checked_at", models.DateTimeField(db_default=Now())),
                ("chain", models.JSONField(default=list)),
                ("status_proofs", models.JSONField(default=list)),
                ("user", models.ForeignKey(on_delete=models.PROTECT, related_name="certificate_signatures", to=settings.AUTH_USER_MODEL)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("user", "mark"), name="one_use_a_certificate_signature")]},
        ),
        migrations.CreateModel(
            name="LiveSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("session_key", models.CharField(max_length=40, unique=True)),
                ("began_at", models.DateTimeField(db_default=Now())),
                ("device", models.CharField(blank=True, max_length=60)),
                ("user", models.ForeignKey(on_delete=models.CASCADE, related_name="live_sessions", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.RunSQL(EVENTS_ARE_APPEND_ONLY, EVENTS_CHANGE),
    ]
