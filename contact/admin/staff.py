"""The accounts of staff: those above all who answer enquiries."""

from __future__ import annotations

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.admin import UserAdmin
from accounts.models import User
from accounts.sign_in import user_of
from backoffice.steps import Step, Steps, step_page
from contact.actions.leaving import end_account, open_enquiries_of, posts_of, unsettled
from contact.forms.leaving import LeavingForm, StaffForm
from contact.models import Enquiry
from regions.admin import TellsOfChanges


@admin.register(User)
class StaffAdmin(TellsOfChanges, Steps, UserAdmin):
    """Who may sign in. Whoever leaves leaves no post and no enquiry behind that nobody has."""

    form = StaffForm
    change_form_template = "contact/admin/staff_change_form.html"

    def steps(self) -> dict[str, tuple[str, Step]]:
        return super().steps() | {"end": ("accounts.change_user", self._end)}

    def reasons_to_stay(self, users: list[User]) -> list[str]:
        """Return why these people cannot be deleted: their posts and enquiries come first."""
        open_matters = [matter for user in users for matter in unsettled(user)]
        sentences = super().reasons_to_stay(users)
        if open_matters:
            sentences.append(
                f"{'; '.join(open_matters)}. End the account first: that asks what becomes of them."
            )
        return sentences

    def _end(self, request: HttpRequest, user: User) -> HttpResponse:
        """Ask what becomes of somebody's posts, and let them sign in no more."""
        posts = posts_of(user)
        form = LeavingForm(
            request.POST if request.method == "POST" else None, user=user, posts=posts
        )
        if request.method == "POST" and form.is_valid():
            try:
                settled = end_account(
                    user=user, successions=form.successions(), by=user_of(request)
                )
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                sentence = (
                    f"The account has ended. Posts settled: {settled.posts}. "
                    f"Enquiries that wait for a colleague again: {settled.enquiries}."
                )
                self.log_change(request, user, sentence)
                messages.success(request, sentence)
                return redirect("admin:accounts_user_change", user.pk)
        seen = Enquiry.objects.visible_to(user_of(request), on=timezone.localdate())
        enquiries = open_enquiries_of(user)
        return step_page(
            self,
            request,
            "contact/admin/leave.html",
            title="End the account",
            row=user,
            form=form,
            enquiries=enquiries.filter(pk__in=seen.values("pk")).select_related("region"),
            count=enquiries.count(),
        )
