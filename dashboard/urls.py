from django.urls import path

from . import views

app_name = "dashboard"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("figures.csv", views.mine_csv, name="mine_csv"),
    path("site/", views.site, name="site"),
    path("site/figures.csv", views.site_csv, name="site_csv"),
    path("site/is-staff/", views.is_staff, name="is_staff"),
    path("site/try-again/", views.try_again, name="try_again"),
]
