"""A portal on its first day: the log has no checkpoint yet."""

import pytest
from django.test import Client


@pytest.mark.django_db
def test_the_page_of_the_log_is_there_before_the_first_checkpoint(client: Client) -> None:
    assert client.get("/so-nhat-ky/").status_code == 200
