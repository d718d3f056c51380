import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from accounts.models.office import Office


class Role(models.TextChoices):
    CITIZEN = "citizen", "Người dân"
    OFFICER = "officer", "Cán bộ xử lý"
    HEAD = "head", "Lãnh đạo cơ quan BHXH"
    ISSUER = "issuer", "Cán bộ cấp mã"
    HQ = "hq", "BHXH Việt Nam"


class UserManager(BaseUserManager["User"]):
    def create_user(self, login: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(login=login, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(login=username)


class User(AbstractBaseUser):
    """Someone who can log in. A citizen's login is the mã số BHXH."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    login = models.CharField(max_length=40, unique=True)
    full_name = models.CharField(max_length=100)
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.CITIZEN)
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="staff")
    phone = models.CharField(max_length=15, blank=True)
    email = models.EmailField(blank=True)
    phone_confirmed_at = models.DateTimeField(null=True, blank=True)
    email_confirmed_at = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    is_test = models.BooleanField(default=False)  # demo people: kept out of the statistics
    created_at = models.DateTimeField(auto_now_add=True)
    # A second issuer has looked at the papers, or two gave out the code: before that nothing can be signed.
    is_vouched = models.BooleanField(default=True)
    hold_until = models.DateTimeField(null=True, blank=True)  # no new bank account before
    live_session = models.CharField(max_length=40, blank=True)  # the one session staff may have

    objects = UserManager()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="staff_of_an_office_have_one",
                condition=~models.Q(role__in=["officer", "head", "issuer"]) | models.Q(office__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def is_citizen(self) -> bool:
        return self.role == Role.CITIZEN

    @property
    def is_officer(self) -> bool:
        """May work on dossiers: officers and heads of office."""
        return self.role in (Role.OFFICER, Role.HEAD)

    @property
    def is_issuer(self) -> bool:
        return self.role == Role.ISSUER

    @property
    def is_keyholder(self) -> bool:
        """May help a colleague who lost the second factor."""
        return self.role in (Role.ISSUER, Role.HEAD, Role.HQ)

    @property
    def contacts(self) -> dict[str, str]:
        """Confirmed ways to reach the person: channel → destination."""
        found = {}
        if self.phone and self.phone_confirmed_at:
            found["sms"] = self.phone
        if self.email and self.email_confirmed_at:
            found["email"] = self.email
        return found
