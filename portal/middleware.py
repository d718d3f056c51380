from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class PrivatePages:
    """Pages of someone logged in are kept by no cache, so Back shows nothing after a log-out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response
