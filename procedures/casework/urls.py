from django.urls import path

from procedures.casework import decisions, dossier, files, holding, outages, queue, transfers

app_name = "casework"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("nhan-tiep/", holding.take_next, name="take_next"),
    path("da-doc/", holding.mark_read, name="mark_read"),
    path("bo-loc/", holding.save_filter, name="save_filter"),
    path("bo-loc/bo/", holding.drop_filter, name="drop_filter"),
    path("su-co/", outages.outages, name="outages"),
    path("chuyen-den/", transfers.incoming, name="incoming"),
    path("chuyen-den/<uuid:transfer_id>/", transfers.answer, name="answer_transfer"),
    path("tep/<uuid:public_id>/", files.file, name="file"),
    path("<uuid:public_id>/", dossier.dossier, name="dossier"),
    path("<uuid:public_id>/nhan/", holding.take, name="take"),
    path("<uuid:public_id>/tra-lai/", holding.release, name="release"),
    path("<uuid:public_id>/ban-giao/", holding.hand_over, name="hand_over"),
    path("<uuid:public_id>/tiep-quan/", holding.take_over, name="take_over"),
    path("<uuid:public_id>/bo-sung/", decisions.supplement, name="supplement"),
    path("<uuid:public_id>/de-nghi-duyet/", decisions.propose_approval, name="propose_approval"),
    path("<uuid:public_id>/de-nghi-tu-choi/", decisions.propose_refusal, name="propose_refusal"),
    path("<uuid:public_id>/hen-lai/", decisions.apologise, name="apologise"),
    path("<uuid:public_id>/chuyen-co-quan/", transfers.refer, name="refer"),
    path("<uuid:public_id>/ky/", decisions.sign, name="sign"),
    path("<uuid:public_id>/ban-giay/", decisions.receive_original, name="receive_original"),
]
