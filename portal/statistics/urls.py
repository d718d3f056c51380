from django.urls import path

from portal.statistics import charts, editions, funnels, goals, imports, lists, public, tables

app_name = "statistics"
urlpatterns = [
    path("", tables.rates, name="rates"),
    path("xuat/<slug:kind>/", tables.export, name="export"),
    path("ho-so/", lists.dossiers, name="dossiers"),
    path("bieu-do/", charts.pictures, name="pictures"),
    path("pheu/", funnels.funnel, name="funnel"),
    path("chi-tieu/", goals.goals, name="goals"),
    path("chi-tieu/moi/", goals.set_goal, name="set_goal"),
    path("chi-tieu/<int:pk>/rut/", goals.withdraw_goal, name="withdraw_goal"),
    path("bao-cao/", editions.editions, name="editions"),
    path("bao-cao/chot/", editions.freeze, name="freeze"),
    path("bao-cao/<int:pk>/", editions.edition, name="edition"),
    path("bao-cao/<int:pk>/dinh-chinh/", editions.correct, name="correct"),
    path("bao-cao/<int:pk>/<slug:kind>/", editions.edition_file, name="edition_file"),
    path("cong-khai/", public.public, name="public"),
    path("cong-khai/luoc-do.json", public.schema, name="schema"),
    path("cong-khai/<int:year>.<slug:kind>", public.open_data, name="open_data"),
    path("so-nhap/", imports.imports, name="imports"),
    path("so-nhap/moi/", imports.add_import, name="add_import"),
]
