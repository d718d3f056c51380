from django.urls import path

from procedures.views import (
    after,
    catalogue,
    certificates,
    cosigning,
    downloads,
    draft,
    evidence,
    filing,
    incoming,
    papers,
    supplement,
    tracking,
    tracking_code,
    verify,
)

app_name = "procedures"

OWN = "ho-so/<uuid:public_id>/"
LOG = "so-nhat-ky/"

urlpatterns = [
    # Before any login
    path("thu-tuc/", catalogue.list_procedures, name="list"),
    path("thu-tuc/<slug:code>/", catalogue.sheet, name="sheet"),
    path("thu-tuc/<slug:code>/tu-kiem-tra/", catalogue.precheck, name="precheck"),
    path("tra-cuu/", tracking.track, name="track"),
    path("tra-cuu/ma/", tracking_code.ask, name="track_ask"),
    path("tra-cuu/ma/nhap/", tracking_code.type_code, name="track_code"),
    path("tra-cuu/ho-so/", tracking_code.tracked, name="tracked"),
    path("tra-cuu/ho-so/khieu-nai/", tracking_code.complain, name="tracked_complain"),
    path("kiem-chung/", verify.verify, name="verify"),
    path(LOG, verify.log, name="log"),
    path(f"{LOG}khoa.json", verify.keys, name="log_keys"),
    path(f"{LOG}moi-nhat.txt", verify.latest, name="latest_checkpoint"),
    path(f"{LOG}diem-chot/<int:number>.txt", verify.checkpoint, name="checkpoint"),
    path(f"{LOG}noi-tiep/<int:old>-<int:new>.json", verify.consistency, name="consistency"),
    # A draft
    path("ho-so/", draft.my_dossiers, name="my_dossiers"),
    path("thu-tuc/<slug:code>/bat-dau/", draft.start, name="start"),
    path(f"{OWN}buoc/<slug:name>/", draft.step, name="step"),
    path(f"{OWN}giay-to/", papers.papers, name="papers"),
    path(f"{OWN}giay-to/tep/", incoming.begin, name="begin_file"),
    path(f"{OWN}giay-to/tep/<uuid:file_id>/", incoming.piece, name="piece"),
    path(f"{OWN}xoa/", draft.discard, name="discard"),
    # Filing
    path(f"{OWN}kiem-tra/", filing.check, name="check"),
    path(f"{OWN}ky/", filing.sign, name="sign"),
    path(f"{OWN}ky/ma/", filing.type_code, name="type_code"),
    path(f"{OWN}ky/chung-thu-so/", certificates.sign, name="sign_with_certificate"),
    path(f"{OWN}ky/noi-dung.<str:kind>", certificates.content, name="signing_content"),
    path(f"{OWN}da-nop/", filing.receipt, name="receipt"),
    # Signing with others
    path(f"{OWN}cung-ky/", cosigning.ask, name="cosign_ask"),
    path("cung-ky/", cosigning.to_sign, name="cosign_list"),
    path("cung-ky/<int:pk>/", cosigning.read, name="cosign_read"),
    path("cung-ky/<int:pk>/ma/", cosigning.type_code, name="cosign_code"),
    path("cung-ky/<int:pk>/chung-thu-so/", certificates.co_sign, name="cosign_with_certificate"),
    path("cung-ky/<int:pk>/noi-dung.<str:kind>", certificates.cosign_content, name="cosign_content"),
    path("cung-ky/<int:pk>/tep/<uuid:file_id>/", cosigning.file, name="cosign_file"),
    # A filed dossier
    path(OWN, tracking.dossier, name="dossier"),
    path(f"{OWN}bo-sung/", supplement.supplement, name="supplement"),
    path(f"{OWN}rut/", tracking.withdraw, name="withdraw"),
    path(f"{OWN}khieu-nai/", after.complain, name="complain"),
    path(f"{OWN}khieu-nai/rut/", after.take_back, name="complaint_back"),
    path(f"{OWN}danh-gia/", after.rate, name="rate"),
    # Downloads
    path(f"{OWN}tep/<uuid:file_id>/", downloads.attachment, name="attachment"),
    path(f"{OWN}giay-tiep-nhan.pdf", downloads.receipt_pdf, name="receipt_pdf"),
    path(f"{OWN}giay-tiep-nhan.json", evidence.receipt_json, name="receipt_json"),
    path(f"{OWN}bo-bang-chung.zip", evidence.bundle, name="bundle"),
    path(f"{OWN}ai-da-xem/", evidence.viewers, name="viewers"),
    path(f"{OWN}ket-qua.pdf", downloads.decision_pdf, name="decision_pdf"),
    path(f"{OWN}yeu-cau-bo-sung/<int:request_id>.pdf", downloads.supplement_pdf, name="supplement_pdf"),
    path(f"{OWN}don.pdf", downloads.form_pdf, name="form_pdf"),
]
