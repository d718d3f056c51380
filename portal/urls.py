from django.urls import include, path

from portal import views

portal_patterns = (
    [
        path("", views.home, name="home"),
    ],
    "portal",
)

urlpatterns = [
    path("", include(portal_patterns)),
    path("", include("accounts.urls")),
    path("", include("procedures.urls")),
    path("can-bo/", include("procedures.casework.urls")),
]
