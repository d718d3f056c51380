"""The viewer: pages of papers as pictures, zoomed and turned by links; a look is noted once."""

import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.models import User
from portal.lib import pictures
from procedures.models import AccessEntry, Attachment, Dossier
from tests import makers
from tests.procedures.casework.conftest import browser_of
from tests.procedures.casework.pages import text

PDF = "application/pdf"


@pytest.fixture
def dossier(contributor: User) -> Dossier:
    """A photograph and a PDF of three pages."""
    draft = makers.draft(contributor)
    makers.attach(draft, "so_bhxh", makers.pdf(3))
    return makers.checked(makers.deliver(makers.sign(draft)))


def files(dossier: Dossier) -> tuple[Attachment, Attachment]:
    photograph, pdf = dossier.attachments.order_by("pk")
    return photograph, pdf


def page_url(file: Attachment, page: int, query: str = "") -> str:
    return f"/can-bo/tep/{file.public_id}/trang/{page}/{query}"


def size_of(client: Client, file: Attachment, query: str = "", page: int = 1) -> tuple[int, int]:
    response = client.get(page_url(file, page, query))
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    return Image.open(io.BytesIO(response.content)).size


def test_a_page_comes_as_a_picture_upright_and_turned(desk: Client, dossier: Dossier) -> None:
    photograph, pdf = files(dossier)
    upright, turned = size_of(desk, pdf), size_of(desk, pdf, "?xoay=90")
    assert upright[0] == turned[0] == pictures.WIDTHS[0]
    assert upright[1] > upright[0] > turned[1]
    assert size_of(desk, pdf, "?rong=2400&xoay=180", page=3)[0] == pictures.WIDTHS[1]
    across = size_of(desk, photograph, "?xoay=270")
    assert across[0] > across[1]  # 480 × 640 lies on its side now


def test_the_picture_can_do_nothing_and_is_kept_nowhere(desk: Client, dossier: Dossier) -> None:
    response = desk.get(page_url(files(dossier)[0], 1))
    assert response["Cache-Control"] == "no-store"
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("page", [0, 4, 99999])
def test_a_page_there_is_not_is_not_found(desk: Client, dossier: Dossier, page: int) -> None:
    assert desk.get(page_url(files(dossier)[1], page)).status_code == 404


@pytest.mark.parametrize(
    "query", ["?xoay=45&rong=9999999", "?xoay=x&rong=-1", "?xoay=%00", "?rong=1400&rong=x"]
)
def test_odd_sizes_and_turns_are_the_usual_ones(desk: Client, dossier: Dossier, query: str) -> None:
    assert size_of(desk, files(dossier)[1], query) == size_of(desk, files(dossier)[1])


def test_every_control_is_a_link_that_works_without_scripts(desk: Client, dossier: Dossier) -> None:
    file = files(dossier)[1]
    here = f"/can-bo/tep/{file.public_id}/xem/"
    html = desk.get(f"{here}?trang=2&xoay=90&phong=150").content.decode()
    for query in (
        "trang=1&amp;xoay=90&amp;phong=150",
        "trang=3&amp;xoay=90&amp;phong=150",
        "trang=2&amp;xoay=90&amp;phong=200",
        "trang=2&amp;xoay=90&amp;phong=100",
        "trang=2&amp;xoay=0&amp;phong=150",
        "trang=2&amp;xoay=180&amp;phong=150",
        "trang=2&amp;xoay=0&amp;phong=100",
    ):
        assert f'href="{here}?{query}"' in html, query
    assert f"{page_url(file, 2)}?xoay=90&amp;rong=1400" in html
    assert "zoom-150" in html
    assert "Trang 2/3 · 150% · xoay 90°" in text(desk.get(f"{here}?trang=2&xoay=90&phong=150"))
    assert " style=" not in html
    assert "onclick" not in html


@pytest.mark.parametrize("query", ["", "?trang=x&xoay=7&phong=1", "?trang=-1", "?trang=99999999"])
def test_a_mangled_address_shows_a_page_all_the_same(desk: Client, dossier: Dossier, query: str) -> None:
    assert desk.get(f"/can-bo/tep/{files(dossier)[1].public_id}/xem/{query}").status_code == 200


def test_turning_the_pages_of_a_paper_is_one_look(desk: Client, dossier: Dossier, officer: User) -> None:
    file = files(dossier)[1]
    for page in (1, 2, 3, 1):
        desk.get(page_url(file, page))
    looks = AccessEntry.objects.filter(attachment=file)
    assert looks.get().viewer == officer
    assert looks.get().at > timezone.now() - timedelta(minutes=1)


def test_a_file_that_is_not_checked_yet_is_shown_to_nobody(desk: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)
    file = dossier.attachments.get()
    assert desk.get(page_url(file, 1)).status_code == 404
    page = desk.get(f"/can-bo/tep/{file.public_id}/xem/")
    assert "đang chờ kiểm tra" in text(page)
    assert "/trang/1/" not in page.content.decode()


def test_nobody_of_another_office_sees_a_page(dossier: Dossier, officer_elsewhere: User) -> None:
    for file in files(dossier):
        client = browser_of(officer_elsewhere)
        assert client.get(page_url(file, 1)).status_code == 404
        assert client.get(f"/can-bo/tep/{file.public_id}/xem/").status_code == 404


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", PDF),
        (b"%PDF-1.4 rubbish", PDF),
        (b"\xff\xd8\xff rubbish", "image/jpeg"),
        (b"GIF89a", "image/png"),
    ],
)
def test_a_file_that_breaks_its_reader_breaks_only_its_own_process(content: bytes, kind: str) -> None:
    with pytest.raises(pictures.Unreadable):
        pictures.picture_of(content, kind, pictures.Wanted())


def test_a_photograph_stands_upright_as_its_camera_says() -> None:
    lying = Image.new("RGB", (400, 300), "white")
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right to see it upright
    out = io.BytesIO()
    lying.save(out, "JPEG", exif=exif)
    seen = Image.open(io.BytesIO(pictures.picture_of(out.getvalue(), "image/jpeg", pictures.Wanted())))
    assert seen.size == (300, 400)
