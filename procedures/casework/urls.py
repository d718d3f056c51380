from django.urls import path

from procedures.casework import decisions, dossier, files, queue

app_name = "casework"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("tep/<uuid:public_id>/", files.file, name="file"),
    path("<uuid:public_id>/", dossier.dossier, name="dossier"),
    path("<uuid:public_id>/bo-sung/", decisions.supplement, name="supplement"),
    path("<uuid:public_id>/duyet/", decisions.approve, name="approve"),
    path("<uuid:public_id>/tu-choi/", decisions.refuse, name="refuse"),
    path("<uuid:public_id>/ban-giay/", decisions.receive_original, name="receive_original"),
]
