from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """What every page shows: the prototype note, the legal date, whether this is the demo."""
    return {"legal_date": settings.LEGAL_DATE, "is_demo": settings.DEMO}
