from django.urls import include, path

from portal import health, views

portal_patterns = (
    [
        path("", views.home, name="home"),
        path("suc-khoe/", health.shallow, name="health"),
        path("suc-khoe/chi-tiet/", health.deep, name="health_detail"),
        path("suc-khoe/so-lieu/", health.figures, name="metrics"),
        path("huong-dan/", views.help_page, name="help"),
        path("huong-dan/<slug:slug>/", views.guide, name="guide"),
        path("tro-nang/", views.accessibility, name="accessibility"),
        path("giao-dien/", views.style_page, name="style"),
    ],
    "portal",
)

urlpatterns = [
    path("", include(portal_patterns)),
    path("", include("accounts.urls")),
    path("", include("procedures.urls")),
    path("can-bo/", include("procedures.casework.urls")),
    path("ty-le/", include("portal.statistics.urls")),
]

handler500 = "portal.outage.server_error"
