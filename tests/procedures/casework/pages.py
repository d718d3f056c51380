"""What tests of the officer's pages do again and again."""

import re
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from procedures.models import Dossier


def url(name: str, dossier: Dossier) -> str:
    return reverse(f"casework:{name}", kwargs={"public_id": dossier.public_id})


def text(response: Any) -> str:
    """The words of a page: no tags, white space as a person sees it."""
    html = re.sub(r"<(script|style|head)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def references(response: Any) -> list[str]:
    """The references of a page of the queue, in its order."""
    return re.findall(r"<th scope=\"row\">.*?>(DEMO-[^<]+)<", response.content.decode(), flags=re.DOTALL)


def opened(client: Client, act: str, dossier: Dossier) -> Any:
    """The page of an act, opened by somebody who took the dossier."""
    client.post(url("take", dossier))
    return client.get(url(act, dossier))


def seen(client: Client, dossier: Dossier, act: str) -> str:
    """What the form of an act carries when its page is opened now by somebody who took the dossier."""
    page = opened(client, act, dossier).content.decode()
    found = re.search(r'name="seen" value="([0-9]+)"', page)
    assert found, "the page of the act has no form"
    return found[1]


def post(client: Client, act: str, dossier: Dossier, **typed: Any) -> HttpResponse:
    """Open the page of an act and send its form."""
    given = {"seen": seen(client, dossier, act), **typed}
    response: Any = client.post(url(act, dossier), given)
    return response


def link(response: Any, rel: str) -> str:
    """The address of the next or previous page."""
    found = re.search(rf'rel="{rel}"\s+href="([^"]+)"', response.content.decode())
    return unescape(found[1]) if found else ""


def read(response: Any) -> bytes:
    """The bytes of a file, read to the end as a browser does."""
    return b"".join(response.streaming_content)
