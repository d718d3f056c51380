from django.apps import AppConfig

from accounts import checks

__all__ = ["AccountsConfig", "checks"]


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Tài khoản"
