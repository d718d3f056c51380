import django.db.models.deletion
from django.db import migrations, models

# Until now a dossier had one decision: what is complained about is that one. The check of the new reference
# is done at once: PostgreSQL alters no table while it waits.
_FILL = """
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE procedures_complaint SET decision_id = d.id
FROM procedures_decision d WHERE d.dossier_id = procedures_complaint.dossier_id;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("procedures", "0019_words_without_coalesce"),
    ]

    operations = [
        migrations.AlterModelOptions(name="decision", options={"ordering": ["id"]}),
        migrations.AlterField(
            model_name="decision",
            name="dossier",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="procedures.dossier"
            ),
        ),
        migrations.AlterField(
            model_name="complaint",
            name="dossier",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="complaints", to="procedures.dossier"
            ),
        ),
        migrations.AddField(
            model_name="complaint",
            name="decision",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="complaint",
                to="procedures.decision",
            ),
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="complaint",
            name="decision",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="complaint", to="procedures.decision"
            ),
        ),
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('receipt', 'Giấy tiếp nhận hồ sơ và hẹn trả kết quả'), ('supplement_requested', 'Yêu cầu bổ sung'), ('supplemented', 'Đã nhận bổ sung'), ('apologised', 'Xin lỗi và hẹn lại ngày trả'), ('transfer_sent', 'Hồ sơ đã gửi nơi đến'), ('transfer_accepted', 'Nơi đến đã nhận hồ sơ'), ('referred', 'Hồ sơ chuyển đến cơ quan có thẩm quyền'), ('referral_accepted', 'Cơ quan có thẩm quyền đã nhận hồ sơ'), ('approved', 'Hồ sơ được duyệt'), ('refused', 'Hồ sơ bị từ chối'), ('withdrawn', 'Đã rút hồ sơ'), ('complaint_made', 'Đã nhận khiếu nại'), ('complaint_answered', 'Đã trả lời khiếu nại'), ('reopened', 'Hồ sơ được giải quyết lại'), ('co_sign_asked', 'Mời cùng ký hồ sơ'), ('co_signed', 'Có người đã cùng ký'), ('co_signature_voided', 'Chữ ký chung không còn hiệu lực')], max_length=24),
        ),
    ]
