from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.services import demo_certificates
from accounts.services.demo import DEMO_PASSWORD, load_demo, logins


class Command(BaseCommand):
    help = "Tạo tài khoản của bản mẫu (chỉ khi DEMO=1) và in tên đăng nhập. Chạy lại bao nhiêu lần cũng được."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--print", action="store_true", help="Chỉ in tên đăng nhập, không tạo gì.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("load_demo chỉ chạy khi DEMO=1: mật khẩu của bản mẫu ai cũng biết.")
        if not options["print"]:
            load_demo()
            demo_certificates.prepare()
        rows = logins()
        width = max(len(login) for login, _, _ in rows)
        for login, full_name, role in rows:
            self.stdout.write(f"{login:<{width}}  {full_name} ({role})")
        self.stdout.write(f"Mật khẩu chung / password of all: {DEMO_PASSWORD}")
