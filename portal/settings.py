"""Settings. Everything that differs between machines comes from the environment (.env.example).

Without DEMO=1 the settings are those of production: secrets must be given, HTTPS is assumed.
"""

import os
import sys
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF

# Lets Django's generic classes be subscripted in annotations at run time.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))

DEMO = os.environ.get("DEMO") == "1"
DEBUG = os.environ.get("DEBUG") == "1"
TESTING = "pytest" in sys.modules


def secret(name: str) -> str:
    """A secret from the environment; the demo and the tests may do without."""
    value = os.environ.get(name, "")
    if value or not (DEMO or TESTING):
        return value
    return f"only-for-the-demo-{name}-" + "0" * 48


SECRET_KEY = secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("SECRET_KEY_FALLBACKS", "").split(",") if key]
# Transaction codes are derived from this key; it must never be the same as SECRET_KEY.
CODE_KEY = secret("CODE_KEY")
# Signs the checkpoints of the log: 32 random bytes in base64. Changed by manage.py rotate_log_key only.
LOG_KEY = secret("LOG_KEY")
# Seal uploaded files: "id:secret" pairs separated by commas, the newest first; old ones still open.
FILE_KEYS = secret("FILE_KEYS")

# Whose digital certificates count, with the CRLs and OCSP answers about them (portal/lib/signatures.py). No such
# folder: signing with a certificate isn't offered.
CERTIFICATE_TRUST_DIR = Path(
    os.environ.get("CERTIFICATE_TRUST_DIR", VAR_DIR / ("demo-ca/trust" if DEMO else "trust"))
)

PUBLIC_URL = os.environ.get("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost").split(",")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
# How many proxies stand before the web process: tries are counted by the address the first of them saw.
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES", "0" if DEMO or DEBUG or TESTING else "1"))

# Which edition of the procedures is in force: a date, or "today" (docs/decisions/0003).
_legal_date = os.environ.get("LEGAL_DATE", "2019-08-20")
LEGAL_DATE: date | None = None if _legal_date == "today" else date.fromisoformat(_legal_date)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "portal.static_files.StaticFiles",
    "django.contrib.humanize",
    "django.forms",
    "csp",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "js_lib_bootstrap5",
    "portal",
    "accounts",
    "procedures",
]

MIDDLEWARE = [
    "portal.logs.RequestIds",
    "portal.middleware.MachineAddresses",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A third of the bytes on a bad line; Django pads it at random against BREACH.
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.languages.choice.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.middleware.Origin",
    "portal.middleware.SessionLimits",
    "portal.middleware.SecondWall",
    "portal.middleware.PrivatePages",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.site",
            ],
            "builtins": ["portal.templatetags.portal", "portal.templatetags.languages"],
            # What Django does by itself with APP_DIRS, and every template speaks the language of the page.
            "loaders": [
                (
                    "portal.languages.loader.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


def database(url: str) -> dict[str, object]:
    """Django's settings for a PostgreSQL URL, the only kind there is (docs/decisions/0001)."""
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/") or "portal",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        # Django's default of a new connection a request costs 4.3 times the insert itself.
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": "portal",
            # The last: a process that was killed while it waited for a lock leaves its own locks at once.
            "options": "-c statement_timeout=30s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"
            " -c client_connection_check_interval=500ms",
        },
        "TEST": {"NAME": os.environ.get("TEST_DATABASE_NAME")},
    }


DATABASES = {"default": database(os.environ.get("DATABASE_URL", "postgresql://portal@127.0.0.1/portal"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "accounts:after_login"
LOGOUT_REDIRECT_URL = "portal:home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "full_name", "email", "phone")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Sessions live in PostgreSQL: a wiped Redis logs nobody out, and a revoked one is gone at once.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 15 * 60
# Prolonged by portal.middleware.SessionLimits: once a minute, not by a commit in every request.
SESSION_PROLONGED_EVERY = 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True  # scripts read the token in the form
CSRF_COOKIE_SAMESITE = "Lax"
# A whole working day: a form left open over lunch must still save.
SESSION_ABSOLUTE_AGE = 8 * 60 * 60

if not (DEMO or DEBUG or TESTING):
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sid"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SECURE_SSL_REDIRECT = os.environ.get("SSL_REDIRECT", "1") == "1"
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    },
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1500  # a contribution history of 60 rows has 5 fields a row
# Empty inputs of a page count too; which files are too many is said at their own paper (services.drafts).
DATA_UPLOAD_MAX_NUMBER_FILES = 60
# On the same disk as the kept files, so that keeping one is a rename.
FILE_UPLOAD_TEMP_DIR = VAR_DIR / "uploads" / "incoming"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
UPLOAD_DIR = VAR_DIR / "uploads" / "kept"
PIECES_DIR = VAR_DIR / "uploads" / "pieces"  # files still on their way; several web hosts share it
# The ClamAV daemon: tcp://host:3310 or unix:///run/clamav/clamd.ctl. Empty: files are marked "chưa quét".
CLAMD_URL = os.environ.get("CLAMD_URL", "")
# Papers of so many dossiers an officer may open in a day before the head of the office is told.
DOSSIERS_READ_A_DAY = int(os.environ.get("DOSSIERS_READ_A_DAY", "100"))
# Codes by text message for the people of one office in a day before the headquarters are told: each costs money.
TEXTS_A_DAY = int(os.environ.get("TEXTS_A_DAY", "5000"))
# Who asks /suc-khoe/chi-tiet/ and /suc-khoe/so-lieu/ from elsewhere sends it: Authorization: Bearer <token>
HEALTH_TOKEN = os.environ.get("HEALTH_TOKEN", "")
# The signed checkpoints of the log as files; copy them to another machine.
CHECKPOINT_DIR = Path(os.environ.get("CHECKPOINT_DIR", VAR_DIR / "checkpoints"))

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
# dd/mm/yyyy whatever the language: people compare these dates with paper.
FORMAT_MODULE_PATH = ["portal.formats"]
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", *([VAR_DIR / "built"] if (VAR_DIR / "built").is_dir() else [])]
# Files lie on our disk, or in an S3-compatible bucket (keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY).
FILES_S3_BUCKET = os.environ.get("FILES_S3_BUCKET", "")
_object_storage = {
    "BACKEND": "portal.object_storage.SealedObjects",
    "OPTIONS": {
        "bucket_name": FILES_S3_BUCKET,
        "endpoint_url": os.environ.get("FILES_S3_ENDPOINT") or None,
        "default_acl": None,
        "file_overwrite": True,
        "querystring_auth": True,
    },
}
STORAGES = {
    "default": _object_storage
    if FILES_S3_BUCKET
    else {"BACKEND": "portal.storage.SealedFiles", "OPTIONS": {"location": UPLOAD_DIR}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # the pages ask for no other
WHITENOISE_MAX_AGE = 31_536_000 if not DEBUG else 0
# The tests have no collected static files to look up.
WHITENOISE_AUTOREFRESH = DEBUG or TESTING

# --- messages to people ---------------------------------------------------------------------------
# Up to which amount (đồng) a second officer may sign an approval; above it, and for every refusal, the head
# of the office does: "bhxh_mot_lan=50000000,*=10000000". Empty: the head signs everything.
SECOND_OFFICER_UP_TO = {
    name.strip(): int(amount)
    for name, _is, amount in (
        part.partition("=") for part in os.environ.get("SECOND_OFFICER_UP_TO", "").split(",") if part
    )
}
EMAIL_GATEWAY = os.environ.get(
    "EMAIL_GATEWAY",
    "accounts.gateways.demo.DemoMail" if DEMO or TESTING else "accounts.gateways.smtp.SmtpMail",
)
SMS_GATEWAY = os.environ.get("SMS_GATEWAY", "accounts.gateways.demo.DemoSms" if DEMO or TESTING else "")
DEMO_INBOX_DIR = VAR_DIR / "demo-inbox"
_smtp = urlsplit(os.environ.get("SMTP_URL", "smtp://127.0.0.1:1025"))
EMAIL_HOST = _smtp.hostname or "127.0.0.1"
EMAIL_PORT = _smtp.port or 25
EMAIL_HOST_USER = unquote(_smtp.username or "")
EMAIL_HOST_PASSWORD = unquote(_smtp.password or "")
EMAIL_USE_TLS = _smtp.scheme == "smtps"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("FROM_EMAIL", "Cổng hồ sơ BHXH (bản mẫu) <khong-tra-loi@example.vn>")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "portal.logs.formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
    "loggers": {"portal": {"level": "INFO"}, "procedures": {"level": "INFO"}, "accounts": {"level": "INFO"}},
}
