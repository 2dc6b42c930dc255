"""The index and a letting, as the tutorials write them: a generic view and a template each."""

from django import forms
from django.urls import include, path
from django.utils import timezone
from django.views.generic import DetailView, ListView

from lettings.models import Letting


class SearchForm(forms.Form):
    """The same fields as the site's."""

    q = forms.CharField(label="Search", required=False)
    place = forms.CharField(label="City or state", required=False)
    price_min = forms.DecimalField(label="Price from", required=False)
    price_max = forms.DecimalField(label="Price to", required=False)
    sleeps = forms.IntegerField(label="Sleeps at least", required=False)
    bedrooms = forms.IntegerField(label="Bedrooms at least", required=False)
    sort = forms.ChoiceField(label="Sort by", choices=[("newest", "Newest first")], required=False)


class Index(ListView):
    """Lettings, newest first, 24 a page."""

    template_name = "reference/index.html"
    paginate_by = 24

    def get_queryset(self):
        """Return published lettings with what their cards show."""
        lettings = Letting.objects.filter(published_at__lte=timezone.now())
        return (
            lettings.select_related("address")
            .prefetch_related("photos")
            .order_by("-published_at", "-pk")
        )

    def get_context_data(self, **kwargs):
        """Add the form."""
        return super().get_context_data(form=SearchForm(), **kwargs)


class Detail(DetailView):
    """One letting."""

    template_name = "reference/letting.html"
    queryset = Letting.objects.select_related("address", "host__user").prefetch_related("photos")


index = [path("", Index.as_view(), name="index"), path("<int:pk>/", Detail.as_view())]
urlpatterns = [path("lettings/", include((index, "lettings")))]
