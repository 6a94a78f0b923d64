"""What one was told."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pages.http import Request
from pages.rendering import render_page
from risks.delivery.models import Notification
from risks.delivery.services import mark_all_read, mark_read

PER_PAGE = 50


@require_safe
def notifications(request: Request) -> HttpResponse:
    """All of them, the newest first."""
    mine = Notification.objects.visible_to(request.user)
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    return render_page(request, "delivery/notifications.html", {"page": page})


@require_POST
def read(request: Request, pk: int) -> HttpResponseBase:
    """Go to what a notification is about; it is read then."""
    notification: Notification = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    mark_read(request.user, pk, at=timezone.now())
    return redirect(notification.url)


@require_POST
def read_all(request: Request) -> HttpResponseBase:
    """Mark all as read."""
    if mark_all_read(request.user, at=timezone.now()):
        messages.success(request, "All are marked as read.")
    return redirect("delivery:notifications")
