"""The contact form in its steps: write, check, sent. No cookie, no session, nothing to forge."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import BadRequest
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.generic import DetailView, FormView

from contact.actions import STORED, submit_enquiry
from contact.forms import ContactForm
from contact.mail import sent_facts
from contact.models import Enquiry
from contact.routing import Route, notice_words
from regions.models import Post
from regions.recipients import recipient

UNPROCESSABLE = 422


class FilesRefused(FileUploadHandler):
    """The form takes no files: reading stops at the first."""

    met_file = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.met_file = True
        raise StopUpload(connection_reset=False)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


@method_decorator(cache_control(private=True, no_store=True), name="dispatch")
class Contact(FormView):
    """Write an enquiry; see who will get it; send it."""

    template_name = "contact/form.html"
    form_class = ContactForm
    extra_context = {"section": "contact"}
    http_method_names = ["get", "head", "post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refusal = FilesRefused(request)
        request.upload_handlers = [refusal]
        posted = request.POST
        if refusal.met_file:
            raise BadRequest("The contact form takes no files.")
        if "change" in posted:
            return self._show_again(request)
        return super().post(request, *args, **kwargs)

    def get_form(self, form_class: type[ContactForm] | None = None) -> ContactForm:
        if self.request.method == "POST":
            return ContactForm(self.request.POST)
        asked = self.request.GET
        return ContactForm.blank(
            place=asked.get("place", ""),
            region=asked.get("region", ""),
            topic=asked.get("topic", ""),
        )

    def _show_again(self, request: HttpRequest) -> HttpResponse:
        """Give everything typed back, with the question of the region among the others."""
        form = ContactForm.again(request.POST.dict())
        return self.render_to_response(self.get_context_data(form=form))

    def form_invalid(self, form: ContactForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)

    def form_valid(self, form: ContactForm) -> HttpResponse:
        values = {name: form.cleaned_data[name] for name in STORED}
        route = cast("Route", form.route)  # A form without a route is not valid.
        if self.request.POST.get("confirm") == "yes":
            enquiry = submit_enquiry(token=form.cleaned_data["token"], values=values, route=route)
            return redirect("contact:sent", enquiry.reference)
        self.template_name = "contact/check.html"
        return self.render_to_response(
            self.get_context_data(
                form=form,
                hidden=[(name, form.cleaned_data[name]) for name in (*ContactForm.TYPED, "token")],
                topic=Enquiry.Topic(values["topic"]).label,
                setting=Enquiry.Setting(values["setting"]).label,
                route=route,
                warning=notice_words(form.answer),
                reader=reader(route, values["setting"]),
            )
        )


def reader(route: Route, setting: str) -> str:
    """Say who reads an enquiry that is sent now, where that is not simply the co-ordinator."""
    if not route.region_slug:
        return "national"
    found = recipient(route.region_slug, setting, timezone.localdate(), Post.objects.facts())
    if found.address is None:
        return "national"
    return "cover" if found.covering else "co-ordinator"


@method_decorator(cache_control(private=True, no_store=True), name="dispatch")
class Sent(DetailView):
    """The confirmation. It can be reloaded, and shows nothing that was typed."""

    model = Enquiry
    template_name = "contact/sent.html"
    slug_field = "reference"
    slug_url_kwarg = "reference"
    extra_context = {"section": "contact"}

    def get_queryset(self) -> Any:
        return Enquiry.objects.select_related("region")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        enquiry: Enquiry = self.object
        return super().get_context_data(**sent_facts(enquiry), **kwargs)
