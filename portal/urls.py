from django.urls import include, path

from portal import views

portal_patterns = ([path("", views.home, name="home")], "portal")

urlpatterns = [
    path("", include(portal_patterns)),
]
