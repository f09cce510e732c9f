"""What waits for a second person: a list, and a page on which to confirm or decline."""

from __future__ import annotations

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.sign_in import user_of
from backoffice.permissions import ReadOnly
from backoffice.steps import Step, Steps, step_page
from guidance.actions.proposing import GONE, confirm, drop
from guidance.admin.publishing import MAY_EDIT
from guidance.models import Proposal

_MAY_CHANGE_LINKS = "guidance.change_link"


class ProposerFilter(admin.SimpleListFilter):
    """Whose proposals: one cannot confirm one's own."""

    title = "whose"
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("others", "Others' proposals"), ("own", "My own")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Proposal]) -> QuerySet[Proposal]:
        if self.value() == "others":
            return queryset.exclude(proposed_by=user_of(request))
        if self.value() == "own":
            return queryset.filter(proposed_by=user_of(request))
        return queryset


@admin.register(Proposal)
class ProposalAdmin(ReadOnly, Steps):
    """What somebody proposed that only a second person may do."""

    list_display = ("kind", "about", "text", "proposed_by", "proposed_at", "look")
    list_display_links = None
    list_filter = (ProposerFilter, "kind")
    list_select_related = ("page", "edition__page", "link", "proposed_by")
    actions = None

    def has_view_permission(self, request: HttpRequest, obj: Proposal | None = None) -> bool:
        return request.user.has_perm(MAY_EDIT) and request.user.has_perm(_MAY_CHANGE_LINKS)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def step_rows(self, request: HttpRequest) -> QuerySet[Proposal]:
        return Proposal.objects.select_related(*self.list_select_related, "instead")

    def missing(self, request: HttpRequest, pk: int) -> str:
        return GONE

    def steps(self) -> dict[str, tuple[str, Step]]:
        return super().steps() | {"decide": (MAY_EDIT, self._decide)}

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        """Lead to the page on which it is decided."""
        return redirect("admin:guidance_proposal_decide", object_id)

    @admin.display(description="about")
    def about(self, proposal: Proposal) -> str:
        return str(proposal.subject)

    @admin.display(description="to decide")
    def look(self, proposal: Proposal) -> SafeString:
        address = reverse("admin:guidance_proposal_decide", args=[proposal.pk])
        return format_html('<a href="{}">Look at it</a>', address)

    def _decide(self, request: HttpRequest, proposal: Proposal) -> HttpResponse:
        """Show what is proposed beside what stands; confirm, decline or take it back."""
        if proposal.kind == Proposal.Kind.PUBLISH and "_drop" not in request.POST:
            return redirect("admin:guidance_edition_publish", proposal.edition_id)
        if request.method == "POST":
            try:
                sentence = self._answer(request, proposal)
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
            else:
                messages.success(request, sentence)
                return redirect("admin:guidance_proposal_changelist")
        return step_page(
            self,
            request,
            "guidance/admin/proposal.html",
            title=str(proposal.get_kind_display()).capitalize(),
            row=proposal,
            is_own=proposal.proposed_by == request.user,
        )

    def _answer(self, request: HttpRequest, proposal: Proposal) -> str:
        """Do what the button says; return it as a sentence."""
        by, subject, who = user_of(request), proposal.subject, proposal.proposed_by
        if "_drop" in request.POST:
            drop(proposal=proposal)
            sentence = f"Not done: {proposal.get_kind_display()}, as {who} proposed."
        elif "_confirm" in request.POST:
            confirm(proposal=proposal, by=by, at=timezone.now())
            sentence = f"Done: {proposal.get_kind_display()}, as {who} proposed."
        else:
            raise ValidationError("Press one of the buttons.")
        self.admin_site.get_model_admin(type(subject)).log_change(request, subject, sentence)
        return sentence
