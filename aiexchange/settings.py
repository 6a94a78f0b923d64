"""Settings, all from the environment. Production unless AIEXCHANGE_MODE says otherwise; there is no debug switch."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from aiexchange.environment import SHORTEST_PASSWORD, SHORTEST_SECRET_KEY, read, read_hosts, read_mode, read_secret

BASE_DIR = Path(__file__).resolve().parent.parent
MODE = read_mode()
IN_PRODUCTION = MODE == "production"
DEBUG = False

# --- Where it answers -----------------------------------------------------------------------------
SITE_URL = read("SITE_URL")
_site = urlsplit(SITE_URL)
if not _site.hostname or _site.scheme not in ("http", "https"):
    raise ImproperlyConfigured("SITE_URL must be the address people use, such as https://risks.example.org.")
if IN_PRODUCTION and _site.scheme != "https":
    raise ImproperlyConfigured("SITE_URL must begin with https:// in production.")
ALLOWED_HOSTS = read_hosts(_site.hostname)
CSRF_TRUSTED_ORIGINS = [f"{_site.scheme}://{_site.netloc}"]
ROOT_URLCONF = "aiexchange.urls"
WSGI_APPLICATION = "aiexchange.wsgi.application"
APPEND_SLASH = True

# --- Secrets --------------------------------------------------------------------------------------
SECRET_KEY = read_secret("SECRET_KEY", shortest=SHORTEST_SECRET_KEY)

# --- What it is made of ---------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "journal",
    "api",
    "pages",
    "accounts",
    "catalog",
    "risks.systems",
    "risks.delivery",
    "risks.register",
    "risks.assurance",
    "risks.reports",
    "risks.overview",
    "demo",
]

MIDDLEWARE = [
    "pages.middleware.RequestIdMiddleware",
    "pages.middleware.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "pages.middleware.CookiesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "pages.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pages.middleware.RefusalMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["pages.templatetags.pages"],
            "loaders": [
                ("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"]),
            ],
        },
    },
]

# --- Data -----------------------------------------------------------------------------------------
# Web and workers connect as a role that owns nothing. Only the jobs that migrate know the owner (alias "owner").
_database: dict[str, Any] = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": read("DB_NAME", "aiexchange"),
    "HOST": read("DB_HOST", "localhost"),
    "PORT": read("DB_PORT", "5432"),
    "USER": read("DB_USER", "aiexchange_app"),
    "PASSWORD": read_secret("DB_PASSWORD", shortest=SHORTEST_PASSWORD),
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {
        "connect_timeout": 3,
        "application_name": "aiexchange",
        # A statement that hangs must not hold a web process; a forgotten transaction must not hold a lock. Disks
        # without arms find any page as fast as the next one, so that counts read an index rather than the whole table.
        # Many people ask at once, so parallel workers of one statement would only take turns with those of others.
        "options": "-c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"
        " -c random_page_cost=1.1 -c max_parallel_workers_per_gather=0",
    },
}
if read("DB_POOL", "1") != "0":
    _database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 4, "timeout": 5}
DATABASES: dict[str, dict[str, Any]] = {"default": _database}
if read("DB_OWNER_USER"):
    DATABASES["owner"] = {
        **_database,
        "USER": read("DB_OWNER_USER"),
        "PASSWORD": read_secret("DB_OWNER_PASSWORD", shortest=SHORTEST_PASSWORD),
        "OPTIONS": {"connect_timeout": 3, "application_name": "aiexchange-owner", "options": "-c lock_timeout=5s"},
        "TEST": {"MIRROR": "default"},
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Work in the background -----------------------------------------------------------------------
CELERY_BROKER_URL = read("BROKER_URL")
if IN_PRODUCTION and not CELERY_BROKER_URL:
    raise ImproperlyConfigured("BROKER_URL is not set: give BROKER_URL or BROKER_URL_FILE.")
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Without the last two, kombu looks for lost messages only every hundred seconds.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    "retry_policy": {"max_retries": 1},
}
CELERY_BEAT_SCHEDULE = {
    "send what waits in the outbox": {"task": "journal.relay_outbox", "schedule": 5.0},
    "remind people": {"task": "overview.remind", "schedule": 1800.0},
    "take up jobs that nobody holds": {"task": "reports.requeue_jobs", "schedule": 30.0},
    # Soon after midnight the last day of some is over; the other hours are for profiles and editions that changed, and
    # for a message that was lost. celery.py sends it at the start too.
    "end acceptances that hold no more": {
        "task": "register.end_acceptances",
        "schedule": crontab(minute=5),
    },
}
CELERY_TIMEZONE = "UTC"

# --- People ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["risks.delivery.unread.SignedIn"]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "overview:home"
LOGOUT_REDIRECT_URL = "accounts:sign_in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if MODE == "test":  # a hash made slow on purpose would be most of the suite's time
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IN_PRODUCTION
SESSION_COOKIE_NAME = "__Host-session" if IN_PRODUCTION else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IN_PRODUCTION else "csrf"
CSRF_FAILURE_VIEW = "pages.refusals.csrf_failed"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Mail -----------------------------------------------------------------------------------------
# Without a mail server, mail goes to the worker's output; in production nothing is mailed then (delivery.services).
SENDS_MAIL = bool(read("SMTP_HOST")) or not IN_PRODUCTION
_security = read("SMTP_SECURITY", "starttls")
_smtp: dict[str, Any] = {
    "host": read("SMTP_HOST", "localhost"),
    "port": int(read("SMTP_PORT", "587")),
    "username": read("SMTP_USER"),
    "password": read("SMTP_PASSWORD"),
    "use_tls": _security == "starttls",
    "use_ssl": _security == "tls",
    "timeout": 20,
}
MAILERS: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": _smtp}
    if read("SMTP_HOST") or IN_PRODUCTION
    else {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
}
DEFAULT_FROM_EMAIL = read("MAIL_FROM", f"AI risk register <noreply@{_site.hostname}>")

# --- What browsers are told -----------------------------------------------------------------------
SECURE_SSL_REDIRECT = IN_PRODUCTION
SECURE_REDIRECT_EXEMPT = [
    r"^health/",
    r"^api/",
]  # probes speak plain http; a token sent over http must not be sent again
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if read("BEHIND_PROXY", "0") == "1" else None
SECURE_HSTS_SECONDS = 63_072_000  # two years
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

# --- Limits ---------------------------------------------------------------------------------------
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # bytes of a form or an API body; no form of ours comes near it
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_HANDLERS = ["pages.uploads.FilesAskedFor"]

# --- Static files ---------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles" if IN_PRODUCTION else None
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not IN_PRODUCTION
_static_storage = (
    "whitenoise.storage.CompressedManifestStaticFilesStorage"
    if IN_PRODUCTION
    else "django.contrib.staticfiles.storage.StaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing is stored in files
    "staticfiles": {"BACKEND": _static_storage},
}

# --- Language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "en"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

# --- API ------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    # Closed unless a view says otherwise: an endpoint without a declared permission answers 403.
    "DEFAULT_PERMISSION_CLASSES": ["api.permissions.Undeclared"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "api.pagination.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.errors.problem",
    "URL_FORMAT_OVERRIDE": None,
    "FORMAT_SUFFIX_KWARG": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "AI risk register",
    "DESCRIPTION": "Read and change the AI-security risk register. Send `Authorization: Bearer TOKEN`.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": True,
    "SERVE_PERMISSIONS": ["api.permissions.SignedIn"],
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "COMPONENT_SPLIT_REQUEST": True,
    # Names for what would otherwise be called by number.
    "ENUM_NAME_OVERRIDES": {
        "ThreatKind": "catalog.vocabulary.ThreatKind",
        "RatingKind": "risks.register.choices.RatingKind",
        "ComponentKind": "risks.systems.choices.ComponentKind",
        "SupplierKind": "risks.systems.choices.SupplierKind",
        "Party": "risks.systems.choices.Party",
        "Stage": "risks.systems.choices.Stage",
        "Criticality": "risks.systems.choices.Criticality",
        "AiActClass": "risks.systems.choices.AiActClass",
        "DataCategory": "risks.systems.choices.DataCategory",
        "TreatmentOption": "risks.register.choices.TreatmentOption",
        "TreatmentStatus": "risks.register.choices.TreatmentStatus",
        "GroupEnum": "catalog.vocabulary.ControlArea",
        "ReviewGroup": "risks.register.review_api.GROUPS",
        "ReviewChoice": "risks.register.review_api.EVERY_CHOICE",
        "AcceptanceState": "risks.register.choices.AcceptanceState",
        "AcceptanceDecisionChoice": "risks.register.acceptance_forms.DECISIONS",
        "RiskState": "risks.register.choices.RiskState",
        "VerdictStatus": [(status, status) for status in ("applicable", "not_applicable", "undetermined")],
    },
}

# --- Logs -----------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "journal.context.RequestIdFilter"}},
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} [{request_id}] {message}", "style": "{"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
