"""What becomes of the posts of somebody whose account ends."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from accounts.forms import UserForm
from accounts.models import User
from contact.actions.leaving import Succession, unsettled
from regions.models import Coordinator, Post

_VACANT = "vacant"


class LeavingForm(forms.Form):
    """One question for each post. `successions()` is what was answered."""

    def __init__(self, *args: Any, user: User, posts: list[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.posts = posts
        covers = list(Post.objects.filter(is_vacant=False).select_related("region"))
        others = Coordinator.objects.filter(Q(user__isnull=True) | Q(user__is_active=True))
        self._covers = {f"cover-{post.pk}": post for post in covers}
        self._holders = {f"holder-{person.pk}": person for person in others.exclude(user=user)}
        for post in posts:
            self.fields[_name(post)] = forms.ChoiceField(
                label=str(post),
                choices=self._choices(post),
                error_messages={"required": f"Choose what becomes of the post {post}."},
            )

    def _choices(self, post: Post) -> list[Any]:
        usual = str(post.covered_by) if post.covered_by else "the national team"
        return [
            ("", "Choose"),
            (_VACANT, f"Vacant: its enquiries go to {usual}"),
            (
                "Vacant, and covered by",
                [(key, str(cover)) for key, cover in self._covers.items() if cover != post],
            ),
            ("Held by", [(key, person.name) for key, person in self._holders.items()]),
        ]

    def successions(self) -> dict[int, Succession]:
        """Return what becomes of each post, by its key."""
        return {
            post.pk: Succession(
                holder=self._holders.get(self.cleaned_data[_name(post)]),
                covered_by=self._covers.get(self.cleaned_data[_name(post)]),
            )
            for post in self.posts
        }


class StaffForm(UserForm):
    """Who somebody is and what they may do. Who has posts or open enquiries leaves by a step."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        ending = [name for name in self.taken() if name in {"is_active", "is_staff"}]
        open_matters = unsettled(self.instance) if ending else []
        if open_matters:
            self.add_error(
                ending[0],
                f"{'; '.join(open_matters)}. Use “End this account” at the top of this page: it "
                "asks what becomes of them.",
            )
        return cleaned


def _name(post: Post) -> str:
    return f"post-{post.pk}"
