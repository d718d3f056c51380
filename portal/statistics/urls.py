from django.urls import path

from portal.statistics import charts, lists, tables

app_name = "statistics"
urlpatterns = [
    path("", tables.rates, name="rates"),
    path("xuat/<slug:kind>/", tables.export, name="export"),
    path("bieu-do/", charts.pictures, name="pictures"),
    path("ho-so/", lists.dossiers, name="dossiers"),
]
