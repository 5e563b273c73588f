"""A real Open edX token stack, small enough for a test: one file, one process, one port.

It issues tokens as the LMS does and verifies them as every Open edX service does, with the
releases that edx-platform pins (`platform.txt`) or with the newest ones (`newest.txt`). Where the
LMS's own code is needed, a few lines here say the same.

    POST /oauth2/access_token      the token endpoint; also with a slash, and under /oauth2/v1/
    GET  /api/v1/catalogs/         25 catalogs, ten to a page, for anyone with a valid token
    GET  /api/v1/staff-only/       403: none of the clients' owners is staff
    GET  other lists               the same 25 items, split as other APIs split theirs: see LISTS
    ANY  /api/enrollment/v2/..     views with the newer error format, if the release has it
    GET  /_stats                   responses so far by status: {"token": {"200": 1}, "api": {}}
    POST /_signing-key             sign and verify with another key from now on (field `key`)

Once it listens it prints one line, `{"url": "http://127.0.0.1:PORT"}`. It ends when its
standard input does, so that it never outlives the test that started it.
"""

import argparse
import hashlib
import json
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import django
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

SCOPES = ["read", "write", "email", "profile"]
AUDIENCE = "lms-key"


def parse_arguments():
    parser = argparse.ArgumentParser(description="A real Open edX token stack for tests.")
    parser.add_argument("--issue-bearer", action="store_true", help="never grant a JWT")
    parser.add_argument("--rate-limit", help="token requests per address, such as 120/m")
    parser.add_argument("--signing-key", default="the-signing-key-of-the-open-edx-test-site")
    parser.add_argument("--token-lifetime", type=int, default=3600, help="seconds, of a JWT")
    return parser.parse_args()


def configure(options, url, database):
    """Configures Django with the settings of the LMS whose effects a client can see, and no others."""
    settings.configure(
        SECRET_KEY="unused outside of sessions",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        LANGUAGE_CODE="en",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": database,
                # In SQLite a reader that starts to write while another one writes gets an error;
                # taking the write lock at the beginning makes it wait instead.
                "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30},
            }
        },
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "oauth2_provider",
            "rest_framework",
        ],
        # django-oauth-toolkit since 2.0 hashes client secrets: a client cannot see how.
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        # Tables straight from the models: the history of their migrations is of no interest here.
        MIGRATION_MODULES={"auth": None, "contenttypes": None, "oauth2_provider": None},
        MIDDLEWARE=[
            f"{__name__}.count_responses",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.locale.LocaleMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
            f"{__name__}.look_at_the_session",
        ],
        SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        OAUTH2_PROVIDER={
            "OAUTH2_VALIDATOR_CLASS": f"{__name__}.OwnersValidator",
            "SCOPES": {scope: scope for scope in SCOPES},
            "DEFAULT_SCOPES": SCOPES,
        },
        REST_FRAMEWORK={
            "DEFAULT_AUTHENTICATION_CLASSES": [
                "edx_rest_framework_extensions.auth.jwt.authentication.JwtAuthentication"
            ],
            "DEFAULT_PAGINATION_CLASS": "edx_rest_framework_extensions.paginators.DefaultPagination",
            "PAGE_SIZE": 10,
            "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
            "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        },
        JWT_AUTH={
            "JWT_AUTH_HEADER_PREFIX": "JWT",
            "JWT_DECODE_HANDLER": "edx_rest_framework_extensions.auth.jwt.decoder.jwt_decode_handler",
            "JWT_ISSUERS": [
                {"ISSUER": f"{url}/oauth2", "SECRET_KEY": options.signing_key, "AUDIENCE": AUDIENCE}
            ],
            "JWT_PUBLIC_SIGNING_JWK_SET": some_public_key(),
        },
        LOGGING={"version": 1, "loggers": {"django.server": {"level": "ERROR"}}},
        TOKEN_LIFETIME=options.token_lifetime,
        TOKEN_RATE=options.rate_limit,
        ISSUE_BEARER=options.issue_bearer,
    )
    django.setup()


def some_public_key():
    """Returns a key set, as every site has one, though nothing here is signed with it.

    Without a key set, edx-drf-extensions 10.6 accepts every signature.
    """
    private_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public_key = jwt.algorithms.RSAAlgorithm.to_jwk(private_key.public_key(), as_dict=True)
    return json.dumps({"keys": [public_key]})


# The server is bound first: its port is part of the issuer, hence of the settings.
OPTIONS = parse_arguments()
SERVER = ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler)
URL = f"http://127.0.0.1:{SERVER.server_port}"
DIRECTORY = tempfile.TemporaryDirectory(prefix="open-edx-")
configure(OPTIONS, URL, Path(DIRECTORY.name, "db.sqlite3"))

# These modules read the settings as they are imported, so they can only come now.
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, HttpResponseForbidden, JsonResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django_ratelimit.decorators import ratelimit
from django_ratelimit.exceptions import Ratelimited
from oauth2_provider.models import AccessToken, Application
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.views import TokenView
from rest_framework import authentication, exceptions, generics, pagination, permissions
from rest_framework import serializers, throttling, views
from rest_framework.response import Response
from edx_rest_framework_extensions import paginators
from edx_rest_framework_extensions.auth.jwt.authentication import JwtAuthentication


class OwnersValidator(OAuth2Validator):
    """Ties a client-credentials token to the application's owner, as the LMS does.

    django-oauth-toolkit alone issues such a token without a user.
    """

    def save_bearer_token(self, token, request, *args, **kwargs):
        super().save_bearer_token(token, request, *args, **kwargs)
        AccessToken.objects.filter(token=token["access_token"]).update(user=request.client.user)


class AccessTokenView(TokenView):
    """Replaces the opaque token by a JWT where one is asked for."""

    def post(self, request, *args, **kwargs):
        response = super().post(request, *args, **kwargs)
        if response.status_code == 200 and wants_jwt(request) and not settings.ISSUE_BEARER:
            response.content = json.dumps(as_jwt(json.loads(response.content)))
        return response


def wants_jwt(request):
    header = request.headers.get("X-Token-Type", "")
    return request.POST.get("token_type", header).lower() == "jwt"


def as_jwt(response):
    token = AccessToken.objects.get(token=response["access_token"])
    return {
        "access_token": jwt.encode(claims(token), issuer()["SECRET_KEY"], algorithm="HS256"),
        "expires_in": settings.TOKEN_LIFETIME,
        "token_type": "JWT",
        "scope": response["scope"],
    }


def claims(token):
    user, now = token.user, int(time.time())
    return {
        "aud": AUDIENCE,
        "exp": now + settings.TOKEN_LIFETIME,
        "grant_type": token.application.authorization_grant_type,
        "iat": now,
        "iss": issuer()["ISSUER"],
        "preferred_username": user.username,
        "scopes": token.scope.split(),
        "version": "1.2.0",
        "sub": hashlib.md5(user.username.encode()).hexdigest(),
        "filters": [],
        "is_restricted": False,
        "email_verified": user.is_active,
        "email": user.email,
        "name": user.get_full_name() or None,
        "family_name": user.last_name,
        "given_name": user.first_name,
        "administrator": user.is_staff,
        "superuser": user.is_superuser,
    }


def issuer():
    return settings.JWT_AUTH["JWT_ISSUERS"][0]


class CatalogSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class CatalogsView(generics.ListAPIView):
    queryset = [{"id": number, "name": f"Catalog {number}"} for number in range(1, 26)]
    serializer_class = CatalogSerializer


class StaffOnlyView(CatalogsView):
    permission_classes = [permissions.IsAdminUser]


class SortedByCursor(pagination.CursorPagination):
    """As of the enrollments and grades of the LMS."""

    ordering = "id"


class ByOffset(pagination.LimitOffsetPagination):
    """As of the catalogs of api.edx.org."""


class OfStudiosHome(paginators.DefaultPagination):
    """Has the items inside of `results`, as Studio's home page."""

    def get_paginated_response(self, data):
        return super().get_paginated_response({"courses": data, "in_process_course_actions": []})


class OfMobileEnrollments(paginators.DefaultPagination):
    """Has everything inside of `enrollments`, as the mobile API."""

    def get_paginated_response(self, data):
        return Response({"enrollments": super().get_paginated_response(data).data})


class OfDiscoveryFacets(paginators.DefaultPagination):
    """Has everything inside of `objects`, beside the facets, as the search of the discovery service."""

    def get_paginated_response(self, data):
        return Response({"objects": super().get_paginated_response(data).data, "fields": {}})


class StoredCatalogsView(generics.ListAPIView):
    """The same list from a database: groups stand in for catalogs."""

    queryset = Group.objects.order_by("id")
    serializer_class = CatalogSerializer


class GrowingCatalogsView(StoredCatalogsView):
    """A list that is one item longer whenever a page is read."""

    def get(self, request):
        Group.objects.create(name=f"Catalog {Group.objects.count() + 1}")
        return super().get(request)


LISTS = {
    "api/courses/v1/courses/": paginators.NamespacedPageNumberPagination,
    "api/catalog/v1/catalogs/": ByOffset,
    "api/grades/v1/grades/": SortedByCursor,
    "api/home/v4/courses/": OfStudiosHome,
    "api/mobile/v4/enrollments/": OfMobileEnrollments,
    "api/v1/search/all/facets/": OfDiscoveryFacets,
}


def views_of_newer_releases():
    """The views with the error format of edx-drf-extensions 10.9, if this is such a release."""
    try:
        from edx_rest_framework_extensions.errors import Conflict
        from edx_rest_framework_extensions.mixins import StandardizedErrorMixin
    except ImportError:
        return []

    class EnrollmentSerializer(serializers.Serializer):
        course_id = serializers.CharField()

        def validate_course_id(self, course_id):
            if not course_id.startswith("course-v1:"):
                raise serializers.ValidationError("Invalid course id.")
            return course_id

    class EnrollmentsView(StandardizedErrorMixin, StoredCatalogsView):
        pagination_class = SortedByCursor

        def post(self, request):
            enrollment = EnrollmentSerializer(data=request.data)
            enrollment.is_valid(raise_exception=True)
            raise Conflict()

    class EnrollmentView(StandardizedErrorMixin, views.APIView):
        def get(self, request, name):
            raise exceptions.NotFound()

    class StoredEnrollmentView(StandardizedErrorMixin, generics.RetrieveAPIView):
        queryset = Group.objects.all()

    class SessionsFirstView(EnrollmentView):
        authentication_classes = [authentication.SessionAuthentication, JwtAuthentication]

    class StaffView(EnrollmentView):
        permission_classes = [permissions.IsAdminUser]

    class Always(throttling.BaseThrottle):
        def allow_request(self, request, view):
            return False

        def wait(self):
            return 60

    class ThrottledView(EnrollmentView):
        throttle_classes = [Always]

    root = "api/enrollment/v2/"
    return [
        path(root + "enrollment/", EnrollmentsView.as_view()),
        path(root + "enrollment/<str:name>/", EnrollmentView.as_view()),
        path(root + "stored/<int:pk>/", StoredEnrollmentView.as_view()),
        path(root + "sessions-first/<str:name>/", SessionsFirstView.as_view()),
        path(root + "staff-only/<str:name>/", StaffView.as_view()),
        path(root + "throttled/<str:name>/", ThrottledView.as_view()),
    ]


RESPONSES = {"token": Counter(), "api": Counter()}
RESPONSES_LOCK = threading.Lock()


def count_responses(get_response):
    """Middleware that counts responses; outermost, so that it sees each one as the client does."""

    def middleware(request):
        response = get_response(request)
        kind = {"oauth2": "token", "api": "api"}.get(request.path.split("/")[1])
        if kind:
            with RESPONSES_LOCK:
                RESPONSES[kind][response.status_code] += 1
        return response

    return middleware


def look_at_the_session(get_response):
    """Middleware that reads the session, as the LMS does for every request: hence `Vary: Cookie`."""

    def middleware(request):
        request.session.get("user")
        return get_response(request)

    return middleware


def stats(request):
    with RESPONSES_LOCK:
        return JsonResponse(RESPONSES)


@require_POST
def change_signing_key(request):
    issuer()["SECRET_KEY"] = request.POST["key"]
    return HttpResponse(status=204)


def handler403(request, exception):
    """Distinguishes a throttled request from a denied one, as the LMS has done since 2021."""
    if isinstance(exception, Ratelimited):
        return HttpResponse("<html>429</html>", status=429)
    return HttpResponseForbidden("<html>403</html>")


def token_rate(group, request):
    return settings.TOKEN_RATE


limited_by_address = ratelimit(key="ip", rate=token_rate)

urlpatterns = [
    re_path(r"^oauth2/(?:v1/)?access_token/?$", limited_by_address(AccessTokenView.as_view())),
    path("api/v1/catalogs/", CatalogsView.as_view()),
    path("api/v1/staff-only/", StaffOnlyView.as_view()),
    path("_stats", stats),
    path("api/v1/growing-catalogs/", GrowingCatalogsView.as_view()),
    path("_signing-key", csrf_exempt(change_signing_key)),
]
for route, paginator in LISTS.items():
    urlpatterns.append(path(route, StoredCatalogsView.as_view(pagination_class=paginator)))
urlpatterns += views_of_newer_releases()


def create_clients():
    """Creates one client of each kind. The tests know their names."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    owner = User.objects.create(
        username="api_user", email="api_user@example.com", first_name="Ada", last_name="Byron"
    )
    for client_id, client_secret, grant in [
        ("test-client", "test-secret", Application.GRANT_CLIENT_CREDENTIALS),
        ("id+/ü &=%", "sécret:+/ &=%", Application.GRANT_CLIENT_CREDENTIALS),
        ("login-client", "login-secret", Application.GRANT_AUTHORIZATION_CODE),
    ]:
        Application.objects.create(
            user=owner,
            name=client_id,
            client_id=client_id,
            client_secret=client_secret,
            client_type=Application.CLIENT_CONFIDENTIAL,
            authorization_grant_type=grant,
        )


def create_catalogs():
    Group.objects.bulk_create(Group(name=f"Catalog {number}") for number in range(1, 26))


def serve_until_stdin_ends():
    SERVER.set_app(get_wsgi_application())
    threading.Thread(target=SERVER.serve_forever, daemon=True).start()
    print(json.dumps({"url": URL}), flush=True)
    sys.stdin.buffer.read()


with DIRECTORY:
    create_clients()
    create_catalogs()
    serve_until_stdin_ends()
