"""The contact form in its steps: write, check, sent. No cookie, no session, nothing to forge."""

from __future__ import annotations

import logging
from typing import Any, cast

from django.conf import settings
from django.db import DatabaseError, DataError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.generic import DetailView, FormView

from accounts.networks import client_network
from contact.actions.submitting import submit_enquiry
from contact.forms.enquiry import ContactForm, new_token
from contact.mail import sent_facts
from contact.models import Enquiry
from contact.readers import Reader, reader
from contact.routing import Route, warning_of
from regions.models import Region

logger = logging.getLogger(__name__)

UNPROCESSABLE = 422
UNAVAILABLE = 503


@method_decorator(cache_control(private=True, no_store=True), name="dispatch")
class Contact(FormView):
    """Write an enquiry; see who will get it; send it."""

    template_name = "contact/form.html"
    form_class = ContactForm
    extra_context = {"section": "contact"}
    http_method_names = ["get", "head", "post", "options"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer the request; without a database, give the form back with everything typed."""
        try:
            response = super().dispatch(request, *args, **kwargs)
            if isinstance(response, TemplateResponse):
                response.render()  # Here, where its queries can still be answered for.
        except DatabaseError as error:
            # What a DataError says may quote what was typed; no log may.
            words = "" if isinstance(error, DataError) else str(error).partition("\n")[0]
            logger.error("An enquiry could not be taken: %s: %s", type(error).__name__, words)
            return self._not_sent(request)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"is_down": "", "hidden": (), **kwargs})

    def _not_sent(self, request: HttpRequest) -> HttpResponse:
        """Return the form with everything typed, and status 503. Asks nothing of the database."""
        sent = request.POST if request.method == "POST" else request.GET
        typed = sent.dict()
        form = ContactForm(initial={**typed, "token": typed.get("token") or new_token()})
        hidden = [("area", typed["area"])] if typed.get("area") else []
        context = self.get_context_data(
            form=form, is_down="sending" if request.method == "POST" else "writing", hidden=hidden
        )
        response = render(request, "contact/form.html", context, status=UNAVAILABLE)
        response["Retry-After"] = "60"
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "change" in request.POST:
            return self._show_again(request)
        return super().post(request, *args, **kwargs)

    def get_form(self, form_class: type[ContactForm] | None = None) -> ContactForm:
        if self.request.method == "POST":
            return ContactForm(self.request.POST)
        query = self.request.GET
        return ContactForm.blank(
            place=query.get("place", ""),
            region=query.get("region", ""),
            topic=query.get("topic", ""),
        )

    def _show_again(self, request: HttpRequest) -> HttpResponse:
        """Return the form with everything typed and the question of the region."""
        form = ContactForm.again(request.POST.dict())
        return self.render_to_response(self.get_context_data(form=form))

    def form_invalid(self, form: ContactForm) -> HttpResponse:
        form.offer_hint()
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)

    def form_valid(self, form: ContactForm) -> HttpResponse:
        values = form.cleaned_data
        route = cast("Route", form.route)  # A form without a route is not valid.
        if self.request.POST.get("confirm") == "yes":
            enquiry = submit_enquiry(
                token=values["token"],
                values=values,
                route=route,
                held_because=form.suspicion,
                network=client_network(
                    self.request.META.get("REMOTE_ADDR", ""),
                    self.request.headers.get("X-Forwarded-For", ""),
                    settings.TRUSTED_PROXIES,
                ),
            )
            return redirect("contact:sent", enquiry.reference)
        self.template_name = "contact/check.html"
        return self.render_to_response(
            self.get_context_data(
                form=form,
                hidden=[(name, values[name]) for name in form.fields],
                topic=Enquiry.Topic(values["topic"]).label,
                setting=Enquiry.Setting(values["setting"]).label,
                route=route,
                warning=warning_of(form.answer),
                reader=_reader(route, values["setting"]),
            )
        )


def _reader(route: Route, setting: str) -> Reader:
    """Return who would read an enquiry sent now."""
    region = Region.objects.filter(slug=route.region_slug).first()
    return reader(region, setting, on=timezone.localdate())


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
        return super().get_context_data(**sent_facts(enquiry, timezone.now()), **kwargs)
