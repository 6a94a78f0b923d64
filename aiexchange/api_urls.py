"""The API's site map. Every endpoint stands here; each lives with its subject."""

from typing import Any

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularAPIView

from accounts.api import TeamViewSet
from api.root import root
from catalog.api import ControlViewSet, EditionViewSet, FrameworkViewSet, ThreatViewSet
from risks.assurance.api import ResponsibilityViewSet
from risks.register.acceptance_api import AcceptanceViewSet, RiskAcceptanceViewSet
from risks.register.api import ConfirmationView, RiskViewSet
from risks.register.changing_api import RiskChangesView
from risks.register.comment_api import CommentViewSet
from risks.register.heatmap_api import HeatmapView
from risks.register.measure_api import MeasureViewSet
from risks.register.review_api import DismissalViewSet, ReviewView
from risks.register.risk_review_api import RiskReviewViewSet
from risks.register.saved_view_api import SavedViewViewSet
from risks.register.scale_api import ScaleVersionViewSet, ScaleView
from risks.register.time_api import RiskTimeRequestViewSet, TimeRequestViewSet
from risks.reports.api import StatementView
from risks.systems.api import SystemViewSet
from risks.systems.component_api import ComponentViewSet, SupplierViewSet, SystemComponentViewSet
from risks.systems.identification_api import ThreatIdentificationView
from risks.systems.import_api import ImportView

READ_MANY: dict[str, Any] = {"get": "list"}
READ_ONE: dict[str, Any] = {"get": "retrieve"}
LIST: dict[str, Any] = {"get": "list", "post": "create"}
ONE: dict[str, Any] = {"get": "retrieve", "patch": "partial_update"}

urlpatterns: list[URLPattern | URLResolver] = [
    path("", root, name="root"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("threats/", ThreatViewSet.as_view(READ_MANY), name="threats"),
    path("threats/<slug:key>/", ThreatViewSet.as_view(READ_ONE), name="threat"),
    path("controls/", ControlViewSet.as_view(READ_MANY), name="controls"),
    path("controls/<slug:key>/", ControlViewSet.as_view(READ_ONE), name="control"),
    path("frameworks/", FrameworkViewSet.as_view(READ_MANY), name="frameworks"),
    path("frameworks/<slug:key>/", FrameworkViewSet.as_view(READ_ONE), name="framework"),
    path("editions/", EditionViewSet.as_view(READ_MANY), name="editions"),
    path("editions/<slug:key>/", EditionViewSet.as_view(READ_ONE), name="edition"),
    path("teams/", TeamViewSet.as_view(READ_MANY), name="teams"),
    path("teams/<int:pk>/", TeamViewSet.as_view(READ_ONE), name="team"),
    path("systems/", SystemViewSet.as_view(LIST), name="systems"),
    path("systems/import/", ImportView.as_view(), name="import"),
    path("systems/<int:pk>/", SystemViewSet.as_view(ONE), name="system"),
    path("systems/<int:pk>/archive/", SystemViewSet.as_view({"post": "archive"}), name="system-archive"),
    path("systems/<int:pk>/restore/", SystemViewSet.as_view({"post": "restore"}), name="system-restore"),
    path("systems/<int:pk>/duplicate/", SystemViewSet.as_view({"post": "duplicate"}), name="system-duplicate"),
    path(
        "systems/<int:pk>/profile/",
        SystemViewSet.as_view({"get": "profile", "put": "answer_profile"}),
        name="system-profile",
    ),
    path("systems/<int:pk>/threats/", SystemViewSet.as_view({"get": "threats"}), name="system-threats"),
    path("systems/<int:pk>/components/", SystemComponentViewSet.as_view(LIST), name="system-components"),
    path("components/<int:pk>/", ComponentViewSet.as_view(ONE), name="component"),
    path(
        "components/<int:pk>/versions/",
        ComponentViewSet.as_view({"get": "versions", "post": "set_version"}),
        name="component-versions",
    ),
    path(
        "components/<int:pk>/removal/",
        ComponentViewSet.as_view({"put": "remove", "delete": "put_back"}),
        name="component-removal",
    ),
    path("suppliers/", SupplierViewSet.as_view(LIST), name="suppliers"),
    path("suppliers/<int:pk>/", SupplierViewSet.as_view(ONE), name="supplier"),
    path("systems/<int:pk>/statement/", StatementView.as_view(), name="system-statement"),
    path("systems/<int:pk>/confirmation/", ConfirmationView.as_view(), name="system-confirmation"),
    path("systems/<int:pk>/review/", ReviewView.as_view(), name="system-review"),
    path("systems/<int:pk>/dismissals/", DismissalViewSet.as_view(LIST), name="dismissals"),
    path("systems/<int:pk>/dismissals/<slug:key>/", DismissalViewSet.as_view(READ_ONE), name="dismissal"),
    path(
        "systems/<int:pk>/dismissals/<slug:key>/withdrawal/",
        DismissalViewSet.as_view({"post": "withdraw"}),
        name="dismissal-withdrawal",
    ),
    path(
        "systems/<int:pk>/responsibility/",
        ResponsibilityViewSet.as_view({"get": "matrix"}),
        name="responsibilities",
    ),
    path(
        "systems/<int:pk>/responsibility/<slug:key>/",
        ResponsibilityViewSet.as_view({"get": "retrieve", "put": "update"}),
        name="responsibility",
    ),
    path("threat-identification/", ThreatIdentificationView.as_view(), name="threat-identification"),
    path("scale/", ScaleView.as_view(), name="scale"),
    path("scale/versions/", ScaleVersionViewSet.as_view(READ_MANY), name="scale-versions"),
    path("heatmap/", HeatmapView.as_view(), name="heatmap"),
    path("risks/", RiskViewSet.as_view(LIST), name="risks"),
    path("risks/changes/", RiskChangesView.as_view(), name="risk-changes"),
    path("risks/<int:pk>/", RiskViewSet.as_view({"get": "retrieve", "patch": "partial_update"}), name="risk"),
    path("risks/<int:pk>/ratings/", RiskViewSet.as_view({"get": "ratings", "post": "rate"}), name="risk-ratings"),
    path("risks/<int:pk>/reviews/", RiskReviewViewSet.as_view(LIST), name="risk-reviews"),
    path("risks/<int:pk>/comments/", CommentViewSet.as_view(LIST), name="risk-comments"),
    path(
        "risks/<int:pk>/comments/<int:comment>/",
        CommentViewSet.as_view({"get": "retrieve", "delete": "destroy"}),
        name="risk-comment",
    ),
    path(
        "risks/<int:pk>/treatment/",
        RiskViewSet.as_view({"get": "treatment", "put": "treat", "patch": "update_treatment"}),
        name="risk-treatment",
    ),
    path("risks/<int:pk>/measures/", MeasureViewSet.as_view(LIST), name="risk-measures"),
    path(
        "risks/<int:pk>/measures/<int:measure>/",
        MeasureViewSet.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="risk-measure",
    ),
    path(
        "risks/<int:pk>/measures/<int:measure>/status/",
        MeasureViewSet.as_view({"post": "update_status"}),
        name="risk-measure-status",
    ),
    path(
        "risks/<int:pk>/measures/<int:measure>/drop/",
        MeasureViewSet.as_view({"post": "drop"}),
        name="risk-measure-drop",
    ),
    path("risks/<int:pk>/acceptances/", RiskAcceptanceViewSet.as_view(LIST), name="risk-acceptances"),
    path("saved-views/", SavedViewViewSet.as_view(LIST), name="saved-views"),
    path(
        "saved-views/<int:pk>/",
        SavedViewViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
        name="saved-view",
    ),
    path(
        "risks/<int:pk>/time-requests/",
        RiskTimeRequestViewSet.as_view({"post": "create"}),
        name="risk-time-requests",
    ),
    path("time-requests/", TimeRequestViewSet.as_view(READ_MANY), name="time-requests"),
    path("time-requests/<int:pk>/", TimeRequestViewSet.as_view(READ_ONE), name="time-request"),
    path(
        "time-requests/<int:pk>/decision/",
        TimeRequestViewSet.as_view({"post": "decide"}),
        name="time-request-decision",
    ),
    path(
        "time-requests/<int:pk>/withdrawal/",
        TimeRequestViewSet.as_view({"post": "withdraw"}),
        name="time-request-withdrawal",
    ),
    path("acceptances/", AcceptanceViewSet.as_view(READ_MANY), name="acceptances"),
    path("acceptances/<int:pk>/", AcceptanceViewSet.as_view(READ_ONE), name="acceptance"),
    path("acceptances/<int:pk>/decision/", AcceptanceViewSet.as_view({"post": "decide"}), name="acceptance-decision"),
    path(
        "acceptances/<int:pk>/withdrawal/",
        AcceptanceViewSet.as_view({"post": "withdraw"}),
        name="acceptance-withdrawal",
    ),
]
