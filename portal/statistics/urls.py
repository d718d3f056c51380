from django.urls import path

from portal.statistics import lists, tables

app_name = "statistics"
urlpatterns = [
    path("", tables.rates, name="rates"),
    path("xuat/<slug:kind>/", tables.export, name="export"),
    path("ho-so/", lists.dossiers, name="dossiers"),
]
