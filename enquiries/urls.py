from django.urls import path

from . import views

app_name = "enquiries"
urlpatterns = [
    path("", views.index, name="index"),
    path("to/<int:letting_id>/", views.new, name="new"),
    path("sent/", views.sent, name="sent"),
    path("<int:enquiry_id>/", views.thread, name="thread"),
    # Named token, so that the log shows the pattern and not the link: request_log.py.
    path("by-link/<str:token>/", views.by_link, name="by_link"),
]
