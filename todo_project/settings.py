"""All settings, read from the environment (and `.env`) from top to bottom.

`.env.example` lists every variable with its default; docs/settings.md explains them.
"""

from datetime import timedelta
from pathlib import Path

import django
from corsheaders.defaults import default_headers
from django.core.exceptions import ImproperlyConfigured
from whitenoise.compress import Compressor

from todo_project.cache import cache
from todo_project.environment import Environment, is_loopback
from todo_project.postgresql.options import postgresql

BASE_DIR = Path(__file__).resolve().parent.parent

env = Environment()
env.read_env(BASE_DIR / ".env")

# Where it runs, and who may come in

DEBUG = env.switch("DEBUG", default=False)
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "data"))).expanduser().resolve()
HOST = env.str("HOST", default="localhost")
PORT = env.whole("PORT", default=8000, minimum=1, maximum=65535)
PUBLIC_URL = env.origin("PUBLIC_URL", default=f"http://localhost:{PORT}")
PUBLIC_ORIGIN = PUBLIC_URL.geturl()
IS_LOOPBACK_HOST = is_loopback(HOST)
PUBLIC_NAME = PUBLIC_URL.hostname or ""
IS_HTTPS = PUBLIC_URL.scheme == "https"

WEB_PROCESSES = env.whole("WEB_PROCESSES", default=1, minimum=1, maximum=64)
WEB_THREADS = env.whole("WEB_THREADS", default=16, minimum=1, maximum=256)
DRAIN_SECONDS = env.whole("DRAIN_SECONDS", default=2, minimum=0, maximum=600)

LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
PUBLIC_HOST = f"[{PUBLIC_NAME}]" if ":" in PUBLIC_NAME else PUBLIC_NAME
# The loopback names are for health checks and for a look from the machine itself.
ALLOWED_HOSTS = [PUBLIC_HOST, *LOOPBACK_HOSTS]
CSRF_TRUSTED_ORIGINS = [PUBLIC_ORIGIN]

SIGN_UP = env.choice(
    "SIGN_UP",
    ("open", "closed", "first"),
    default="open" if is_loopback(PUBLIC_NAME) and IS_LOOPBACK_HOST else "first",
)
REQUIRE_CONFIRMED_EMAIL = env.switch("REQUIRE_CONFIRMED_EMAIL", default=False)
PASSWORD_GRANT = env.switch("PASSWORD_GRANT", default=True)
SECURITY_CONTACT = env.contact("SECURITY_CONTACT")

# Secrets and the life of tokens (docs/tokens.md)

SECRET_KEY = env.secret("SECRET_KEY", file=DATA_DIR / "secret_key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
HAS_REFRESH_SECRET_KEY = bool(env.str("REFRESH_SECRET_KEY", default=""))
REFRESH_SECRET_KEY = env.str("REFRESH_SECRET_KEY", default="") or SECRET_KEY
REFRESH_SECRET_KEY_FALLBACKS = env.list(
    "REFRESH_SECRET_KEY_FALLBACKS",
    default=SECRET_KEY_FALLBACKS if REFRESH_SECRET_KEY == SECRET_KEY else [],
)
if REFRESH_SECRET_KEY and len(REFRESH_SECRET_KEY) < 32:
    raise ImproperlyConfigured(
        "REFRESH_SECRET_KEY is too short; use at least 32 random characters."
    )
ALGORITHM = env.choice("ALGORITHM", ("HS256", "HS384", "HS512"), default="HS256")
ACCESS_TOKEN_LIFETIME = env.minutes("ACCESS_TOKEN_EXPIRE_MINUTES", default=5)
REFRESH_TOKEN_LIFETIME = env.minutes("REFRESH_TOKEN_EXPIRE_MINUTES", default=30 * 24 * 60)
REFRESH_TOKEN_IDLE = env.minutes(
    "REFRESH_TOKEN_IDLE_MINUTES",
    default=min(14 * 24 * 60, REFRESH_TOKEN_LIFETIME.total_seconds() / 60),
)
if REFRESH_TOKEN_IDLE > REFRESH_TOKEN_LIFETIME:
    raise ImproperlyConfigured(
        "REFRESH_TOKEN_IDLE_MINUTES is longer than REFRESH_TOKEN_EXPIRE_MINUTES allows."
    )
if ACCESS_TOKEN_LIFETIME > REFRESH_TOKEN_LIFETIME:
    raise ImproperlyConfigured(
        "ACCESS_TOKEN_EXPIRE_MINUTES is longer than REFRESH_TOKEN_EXPIRE_MINUTES allows."
    )

# Applications

INSTALLED_APPS = [
    "accounts",
    "todos",
    "todo_project",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "corsheaders",
    "django_htmx",
    "django_tasks_db",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
CSP_MIDDLEWARE = (
    "django.middleware.csp.ContentSecurityPolicyMiddleware"
    if django.VERSION >= (6, 0)
    else "csp.middleware.CSPMiddleware"
)
MIDDLEWARE = [
    "todo_project.observing.Observing",
    "todo_project.middleware.PublicScheme",
    "django.middleware.security.SecurityMiddleware",
    "todo_project.middleware.BrowserPolicies",
    CSP_MIDDLEWARE,
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "todo_project.middleware.BodyLimit",
    "todo_project.middleware.PageCompression",
    "accounts.repetition.Repetition",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "todo_project.middleware.PrivatePages",
    "accounts.middleware.LoginRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.PersonMiddleware",
    "accounts.middleware.RefusalsMiddleware",
]
ROOT_URLCONF = "todo_project.urls"
WSGI_APPLICATION = "todo_project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.appearance.appearance",
                "todos.context_processors.navigation",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = [
    # The proxy that ends TLS redirects; here every request has PUBLIC_URL's scheme.
    "security.W008",
]

# Database, cache and mail: each one setting away from the real thing

DATABASES = {
    "default": env.checked_url("DATABASE_URL", "db", default=f"sqlite:///{DATA_DIR}/todo.sqlite3")
}
IS_SQLITE = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
if IS_SQLITE:
    # Taking the write lock at the start of a transaction keeps "database is locked" away;
    # FULL makes a commit survive the loss of power.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    DATABASES["default"] = postgresql(DATABASES["default"])
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": not IS_SQLITE}

CACHES = {"default": cache(env.checked_url("CACHE_URL", "cache", default="locmemcache://"))}

EMAIL_CONFIG = env.checked_url("EMAIL_URL", "email", default="consolemail://")
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_CONFIG["EMAIL_HOST"] or "localhost"
EMAIL_PORT = EMAIL_CONFIG["EMAIL_PORT"] or 25
EMAIL_HOST_USER = EMAIL_CONFIG["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = EMAIL_CONFIG["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = f"/{EMAIL_CONFIG['EMAIL_FILE_PATH']}" if EMAIL_CONFIG["EMAIL_FILE_PATH"] else None
EMAIL_TIMEOUT = 10
MAIL_STAYS_HERE = EMAIL_BACKEND != "django.core.mail.backends.smtp.EmailBackend"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"Todo <todo@{PUBLIC_NAME}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Background work

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Behind how many proxies of ours a request arrives: so many entries of X-Forwarded-For are true.
ALLAUTH_TRUSTED_PROXY_COUNT = env.whole("TRUSTED_PROXY_COUNT", default=0, minimum=0, maximum=10)

# How often something may be done: so many times in a period of seconds, minutes, hours or days

LIMIT_REQUESTS = env.limit("LIMIT_REQUESTS", default="600/m")
LIMIT_REQUESTS_OF_ADDRESS = env.limit("LIMIT_REQUESTS_OF_ADDRESS", default="600/m")
LIMIT_SIGN_INS = env.limit("LIMIT_SIGN_INS", default="5/5m")
LIMIT_SIGN_INS_OF_ADDRESS = env.limit("LIMIT_SIGN_INS_OF_ADDRESS", default="30/5m")
LIMIT_SIGN_INS_UNTOLD = env.limit("LIMIT_SIGN_INS_UNTOLD", default="50/h")
LIMIT_CODES = env.limit("LIMIT_CODES", default="5/5m")
LIMIT_DEVICES = env.limit("LIMIT_DEVICES", default="10/h")
LIMIT_REFRESHES = env.limit("LIMIT_REFRESHES", default="120/m")
LIMIT_SIGN_UPS = env.limit("LIMIT_SIGN_UPS", default="10/h")
LIMIT_RESETS = env.limit("LIMIT_RESETS", default="3/h")
LIMIT_RESETS_OF_ADDRESS = env.limit("LIMIT_RESETS_OF_ADDRESS", default="10/h")
LIMIT_REPORTS = env.limit("LIMIT_REPORTS", default="5/h")
LIMIT_EXPORTS = env.limit("LIMIT_EXPORTS", default="5/h")
LIMIT_IMPORTS = env.limit("LIMIT_IMPORTS", default="5/h")

# How long things are kept

TRASH_DAYS = env.whole("TRASH_DAYS", default=30, minimum=1, maximum=3650)
CHANGE_DAYS = env.whole("CHANGE_DAYS", default=90, minimum=1, maximum=3650)
EXPORT_DAYS = env.whole("EXPORT_DAYS", default=7, minimum=1, maximum=365)
AUTH_EVENT_DAYS = env.whole("AUTH_EVENT_DAYS", default=180, minimum=1, maximum=3650)
ENDED_SESSION_DAYS = env.whole("ENDED_SESSION_DAYS", default=90, minimum=1, maximum=3650)
FINISHED_JOB_DAYS = env.whole("FINISHED_JOB_DAYS", default=7, minimum=1, maximum=365)

# People and their sessions

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["accounts.hashers.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
] + [
    {"NAME": f"accounts.validators.{name}"}
    for name in ("MaximumLengthValidator", "OwnWordsValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "todos:today"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignUpForm",
    "add_email": "accounts.forms.NewEmailForm",
    "reset_password": "accounts.forms.ResetForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_REDIRECT_URL = "todos:inbox"
ACCOUNT_LOGOUT_REDIRECT_URL = "todos:landing"
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if REQUIRE_CONFIRMED_EMAIL else "optional"
# Ours count these for the API as well (accounts/limits.py).
ACCOUNT_RATE_LIMITS = dict.fromkeys(("login", "login_failed", "signup", "reset_password"))
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Mail need not work for an account to be safe: by default it stays on the console.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "accounts.forms.CodeForm",
    "reauthenticate": "accounts.forms.CodeAgainForm",
    "authenticate_webauthn": "accounts.forms.PasskeyForm",
    "reauthenticate_webauthn": "accounts.forms.PasskeyAgainForm",
    "login_webauthn": "accounts.forms.PasskeyAloneForm",
    "add_webauthn": "accounts.forms.NewPasskeyForm",
}
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USER_DISPLAY = "accounts.models.display_name"

SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
SESSION_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "todo_project.errors.csrf_failure"

# The API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.authentication.SessionTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.api.limits.Counted"],
    "DEFAULT_RENDERER_CLASSES": ["accounts.api.json.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "accounts.api.json.JSONParser",
        "accounts.api.forms.FormParser",
        "accounts.api.forms.MultiPartParser",
    ],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "accounts.api.json.Negotiation",
    "DEFAULT_PAGINATION_CLASS": "accounts.api.pagination.Pages",
    "DEFAULT_SCHEMA_CLASS": "accounts.api.schema.Schema",
    "EXCEPTION_HANDLER": "accounts.api.errors.exception_handler",
    "DEFAULT_VERSIONING_CLASS": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
# Pages of other origins that may use the API, with a token: never with our cookies.
CORS_ALLOWED_ORIGINS = env.origins("CORS_ALLOWED_ORIGINS")
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_HEADERS = [
    *default_headers,
    "if-match",
    "if-none-match",
    "idempotency-key",
    "x-timezone",
]
CORS_EXPOSE_HEADERS = [
    "ETag",
    "Idempotency-Replayed",
    "Retry-After",
    "WWW-Authenticate",
    "X-Request-ID",
]

SPECTACULAR_SETTINGS = {
    "TITLE": "Todo",
    "DESCRIPTION": "To-do lists for people and programs.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    # One field name, several sets of values.
    "ENUM_NAME_OVERRIDES": {
        "ChangeKindEnum": "todos.models.changes.Change.Kind",
        "ChangedObjectEnum": "todos.models.changes.Change.Object",
        "PasswordGrantEnum": ["password"],
        "RefreshGrantEnum": ["refresh_token"],
    },
}

# Language and time; each person has a time zone of their own

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

# Static files and what a browser is told

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_DIR", default=str(DATA_DIR / "static"))).resolve()
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "todo_project.storage.StaticStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]

SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "worker-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "form-action": ["'self'"],
}
SECURE_CSP = CONTENT_SECURITY  # Django 6
CONTENT_SECURITY_POLICY = {"DIRECTIVES": CONTENT_SECURITY}  # django-csp, for Django 5.2

DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# Of what one address takes alone: the file of a whole account (docs/export.md).
LARGEST_IMPORT = 50 * 1024 * 1024
IMPORT_PATHS = ["/settings/import", "/api/v1/users/me/import"]
# As many as a page with all of its tasks ticked sends.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# Development: `make dev`

if DEBUG:
    INSTALLED_APPS += ["debug_toolbar"]
    MIDDLEWARE.insert(5, "debug_toolbar.middleware.DebugToolbarMiddleware")
    INTERNAL_IPS = ["127.0.0.1", "::1"]

# The log and the metrics (docs/monitoring.md)

METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
METRICS_DIR = DATA_DIR / "metrics"
if METRICS_TOKEN and len(METRICS_TOKEN) < 32:
    raise ImproperlyConfigured("METRICS_TOKEN is too short; use at least 32 random characters.")

LOG_FORMAT = env.choice("LOG_FORMAT", ("text", "json"), default="text")
LOG_LEVEL = env.choice("LOG_LEVEL", ("INFO", "WARNING", "ERROR"), default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "todo_project.logs.Lines"},
        "json": {"()": "todo_project.logs.JSONLines"},
        # Tracebacks as Python writes them, with all that exceptions say.
        "development": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "development" if DEBUG else LOG_FORMAT,
        }
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        # What is refused has its line as every request; here is only what fails.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}
