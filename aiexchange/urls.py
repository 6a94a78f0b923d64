"""The site map."""

from django.urls import URLPattern, URLResolver, include, path

from aiexchange import health
from aiexchange.api_urls import urlpatterns as api_urlpatterns

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("risks.overview.urls")),
    path("", include("accounts.urls")),
    path("catalog/", include("catalog.urls")),
    path("systems/", include("risks.systems.urls")),
    path("suppliers/", include("risks.systems.supplier_urls")),
    path("notifications/", include("risks.delivery.urls")),
    path("", include("risks.register.urls")),
    path("", include("risks.assurance.urls")),
    path("", include("risks.reports.urls")),
    path("api/v1/", include((api_urlpatterns, "api"))),
    path("health/live/", health.live, name="live"),
    path("health/ready/", health.ready, name="ready"),
]

handler400 = "aiexchange.handlers.bad_request"
handler403 = "aiexchange.handlers.permission_denied"
handler404 = "aiexchange.handlers.not_found"
handler500 = "aiexchange.handlers.server_error"
