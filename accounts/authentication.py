"""The API's front door: `Authorization: Bearer TOKEN`."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts import tokens
from accounts.models import ApiToken, User
from journal import context

USED_AGAIN_AFTER = timedelta(minutes=1)  # how stale `last_used_at` may be; a write per request would be waste


class TokenAuthentication(BaseAuthentication):
    """Accepts a token from the header only: never from the address, where it would end in logs."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, secret = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            raise AuthenticationFailed("Use https. This token has been sent in the clear: revoke it.")
        token = self._find(secret.strip())
        context.credential.set(token.prefix)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'

    def _find(self, secret: bytes) -> ApiToken:
        if 0 < len(secret) <= tokens.LONGEST:
            digest = tokens.digest(secret.decode("latin-1"))
            token = ApiToken.objects.usable().select_related("user").filter(digest=digest).first()
            if token is not None:
                _note_use(token)
                return token
        raise AuthenticationFailed("This token is not valid, or no longer.")


def person_of(request: Request) -> User:
    """Whoever is behind a request to an endpoint that only lets signed-in people in."""
    assert isinstance(request.user, User)
    return request.user


def _note_use(token: ApiToken) -> None:
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > USED_AGAIN_AFTER:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tells the schema about the token."""

    target_class = "accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
