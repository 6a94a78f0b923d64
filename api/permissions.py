"""Who may knock. What they may see and do is the queryset's and the service's matter."""

from typing import TYPE_CHECKING, Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from journal.errors import NotAllowed

if TYPE_CHECKING:  # rest_framework.views imports the default permissions, so these can't import it
    from rest_framework.views import APIView


class Undeclared(BasePermission):
    """The default: a view that declares no permission is closed to everyone."""

    message = "This endpoint is closed."

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return False


class SignedIn(BasePermission):
    """A person with a session, or a token whose scopes cover the method."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not (request.user and request.user.is_authenticated):
            return False
        token: Any = request.auth
        if token is not None and not token.allows(self.counts_as(request)):
            raise NotAllowed("This token does not have the scope that this needs.")
        return True

    def counts_as(self, request: Request) -> str:
        """The HTTP method that decides about the scope."""
        return str(request.method)


class SignedInToRead(SignedIn):
    """Likewise for what writes nothing, though its question is too long for an address and comes by POST."""

    def counts_as(self, request: Request) -> str:
        return "GET"
