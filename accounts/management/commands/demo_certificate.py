from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.services import demo_certificates


class Command(BaseCommand):
    help = "Cấp (hoặc thu hồi) chứng thư số mẫu cho một người dân của bản mẫu, để thử ký (chỉ khi DEMO=1)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login", help="Tên đăng nhập, ví dụ 0119000001.")
        parser.add_argument("--revoke", action="store_true", help="Thu hồi chứng thư đã cấp.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("demo_certificate chỉ chạy khi DEMO=1: chứng thư mẫu không có giá trị.")
        demo_certificates.prepare()
        try:
            if options["revoke"]:
                demo_certificates.revoke(options["login"])
                self.stdout.write("Đã thu hồi / revoked")
                return
            certificate, key = demo_certificates.issue(options["login"])
        except KeyError as error:
            raise CommandError("Bản mẫu không có người dân hay chứng thư này.") from error
        self.stdout.write(f"{certificate}\n{key}")
