"""Every error of the API looks alike: RFC 9457 problem+json with the request's id; field errors under `errors`."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist
from django.core.exceptions import ValidationError as ModelValidationError
from django.http import Http404, JsonResponse
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from journal import context
from journal.errors import BUSY, BUSY_FOR, Conflict, NotAllowed, is_busy
from journal.recording import ACCESS_REFUSED, record_refusal

CONTENT_TYPE = "application/problem+json"
TITLES = {
    400: "Mend the request",
    401: "Sign in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    412: "Changed meanwhile",
    415: "Unsupported media type",
    428: "Say which version you read",
    429: "Too many requests",
    500: "Something broke",
    503: "Busy",
}
PLAIN = {
    400: "The request cannot be read.",
    403: "This is not allowed.",
    404: "There is nothing here, or it is not yours to see.",
    500: "Something broke. Nothing of what was sent is saved. Quote the request id when you report it.",
}


class PreconditionFailed(exceptions.APIException):
    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = "Someone else changed this. Read it again and send your change with the new ETag."


class PreconditionRequired(exceptions.APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = "Send If-Match with the ETag that you read, so that nobody's change is lost."


class Busy(exceptions.APIException):
    """What the database gave up on; says in Retry-After when to try again."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = BUSY
    wait = BUSY_FOR


def problem(exception: Exception, view_context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: the refusals of services and of DRF, all in one shape. None lets Django answer 500."""
    response = exception_handler(_translated(exception), view_context)
    if response is None:
        return None
    if isinstance(exception, NotAllowed):
        request = view_context["request"]
        record_refusal(ACCESS_REFUSED, actor=request.user, path=request.path, reason=str(exception))
    response.data = _body(response)
    response.content_type = CONTENT_TYPE
    return response


def plain_problem(status_code: int) -> JsonResponse:
    """A problem for what never reached a view of ours: an address that is not there, an error nobody foresaw."""
    body = _about(status_code) | {"detail": PLAIN.get(status_code, "The request is refused.")}
    return JsonResponse(body, status=status_code, content_type=CONTENT_TYPE)


def _translated(exception: Exception) -> Exception:
    if isinstance(exception, NotAllowed):
        return exceptions.PermissionDenied(str(exception))
    if isinstance(exception, Conflict):
        return PreconditionFailed()
    if isinstance(exception, ObjectDoesNotExist):
        return Http404()
    if isinstance(exception, ModelValidationError):
        return exceptions.ValidationError(field_errors(exception))
    return Busy() if is_busy(exception) else exception


def field_errors(error: ModelValidationError) -> dict[str, list[str]]:
    """A service's complaints by field; those about no field under `non_field_errors`, as DRF says it."""
    if not hasattr(error, "error_dict"):
        return {"non_field_errors": list(error.messages)}
    messages = error.message_dict
    return {("non_field_errors" if name == NON_FIELD_ERRORS else name): list(m) for name, m in messages.items()}


def _body(response: Response) -> dict[str, Any]:
    data = response.data
    body = _about(response.status_code)
    if isinstance(data, dict) and set(data) == {"detail"}:
        body["detail"] = str(data["detail"])
    else:
        body["detail"] = "Some of what was sent cannot be taken as it is."
        body["errors"] = data if isinstance(data, dict) else {"non_field_errors": data}
    return body


def _about(status_code: int) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": TITLES.get(status_code, "Refused"),
        "status": status_code,
        "request_id": context.request_id.get(),
    }
