from django.urls import path

from risks.register import (
    acceptance_views,
    comment_views,
    measure_views,
    review_views,
    risk_review_views,
    scale_views,
    views,
)

app_name = "register"

urlpatterns = [
    path("catalog/editions/<slug:key>/upgrade/", views.upgrade, name="upgrade"),
    path("risks/", views.risks, name="risks"),
    path("risks/heatmap/", views.heatmap, name="heatmap"),
    path("risks/<int:pk>/", views.risk, name="risk"),
    path("risks/<int:pk>/rating/", views.rate, name="rate"),
    path("risks/<int:pk>/treatment/", views.treat, name="treat"),
    path("risks/<int:pk>/treatment/status/", views.status, name="status"),
    path("risks/<int:pk>/measures/new/", measure_views.add, name="add_measure"),
    path("risks/<int:pk>/measures/<int:measure>/", measure_views.change, name="change_measure"),
    path("risks/<int:pk>/measures/<int:measure>/status/", measure_views.update, name="update_measure"),
    path("risks/<int:pk>/measures/<int:measure>/drop/", measure_views.drop, name="drop_measure"),
    path("risks/<int:pk>/look/", views.look, name="look"),
    path("risks/<int:pk>/review/", risk_review_views.review, name="review_risk"),
    path("risks/<int:pk>/comments/", comment_views.comment, name="comment"),
    path("risks/<int:pk>/comments/<int:comment>/end/", comment_views.take_back, name="take_back_comment"),
    path("risks/<int:pk>/description/", views.describe, name="describe"),
    path("scale/", scale_views.scale, name="scale"),
    path("scale/new/", scale_views.new_scale, name="new_scale"),
    path("scale/preview/", scale_views.preview_scale, name="preview_scale"),
    path("scale/appetite/<int:pk>/", scale_views.appetite, name="appetite"),
    path("risks/<int:pk>/acceptance/", acceptance_views.propose, name="propose_acceptance"),
    path("acceptances/", acceptance_views.acceptances, name="acceptances"),
    path("acceptances/<int:pk>/decision/", acceptance_views.decide, name="decide_acceptance"),
    path("acceptances/<int:pk>/withdrawal/", acceptance_views.withdraw, name="withdraw_acceptance"),
    path("systems/<int:pk>/risks/", views.system_risks, name="system_risks"),
    path("systems/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("systems/<int:pk>/risks/new/", views.add, name="add"),
    path("systems/<int:pk>/review/", review_views.review, name="review"),
    path("systems/<int:pk>/threats/<slug:key>/dismissal/", review_views.dismiss, name="dismiss"),
    path("systems/<int:pk>/threats/<slug:key>/dismissal/end/", review_views.take_back, name="take_back"),
]
