"""Query parameters of lists: known names, known values, each given once. Anything else is refused, not ignored."""

from collections.abc import Collection

from rest_framework.exceptions import ParseError
from rest_framework.request import Request


def refuse_unknown(request: Request, allowed: Collection[str] = ()) -> None:
    """Raises 400 for a parameter that this endpoint does not know, or that is given twice."""
    for name, values in request.query_params.lists():
        if name not in allowed:
            known = f" Known are: {', '.join(sorted(allowed))}." if allowed else ""
            raise ParseError(f"Unknown query parameter '{name[:80]}'.{known}")
        if len(values) > 1:
            raise ParseError(f"Give '{name}' once.")


def chosen(request: Request, name: str, values: Collection[str]) -> str | None:
    """The value of a parameter, one of some known ones; None when it is not given. Raises 400 for any other value."""
    value: str | None = request.query_params.get(name)
    if value is not None and value not in values:
        raise ParseError(f"'{value[:80]}' is not a value of '{name}'. Known are: {', '.join(sorted(values))}.")
    return value
