"""Content items of GOV.UK's, uploaded."""

from typing import Any, Final, cast

from django import forms
from django.core import signing
from django.http import QueryDict

from guidance.whitehall.content_item import LONGEST_FILE, ContentItem, ItemError, read_item, text_of

_HELD_SALT: Final = "guidance.import"


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class OfficialForm(forms.Form):
    """A content item of GOV.UK's, uploaded. `cleaned_data["items"]` holds what it says."""

    upload = forms.Field(
        label="Content item",
        help_text="The page's address on GOV.UK with /api/content in front of its path, saved as "
        "a file: for example www.gov.uk/api/content/guidance/the-page.",
        widget=forms.ClearableFileInput(),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            cleaned["items"] = self.read()
        except ItemError as error:
            raise forms.ValidationError(str(error)) from error
        return cleaned

    def read(self) -> list[ContentItem]:
        """Return the uploaded states. Raises ItemError."""
        uploads = self.files.getlist("upload")
        if not uploads:
            raise ItemError("Choose a file.")
        return [
            read_item(upload.read(LONGEST_FILE + 1), name=upload.name or "The file")
            for upload in uploads
        ]


class ImportForm(OfficialForm):
    """States of one page, uploaded; the form holds them from the preview to the confirmation."""

    held = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["upload"].widget = FilesInput()
        self.fields["upload"].label = "Content items"

    def read(self) -> list[ContentItem]:
        uploads = self.files.getlist("upload")
        held = self.cleaned_data.get("held", "")
        if uploads:
            sources = [(u.name or "The file", u.read(LONGEST_FILE + 1)) for u in uploads]
        elif held:
            try:
                texts = signing.loads(held, salt=_HELD_SALT)
            except signing.BadSignature as error:
                raise ItemError("Choose the files again.") from error
            sources = [(name, text.encode()) for name, text in texts]
        else:
            raise ItemError("Choose a file for each state of the page.")
        read = [(read_item(source, name=name), (name, source)) for name, source in sources]
        read.sort(key=lambda pair: pair[0].updated_at)
        items = [item for item, _ in read]
        texts = [(name, text_of(source, name=name)) for _, (name, source) in read]
        self.cleaned_data["sources"] = texts
        self.data = cast("QueryDict", self.data).copy()
        self.data["held"] = signing.dumps(texts, salt=_HELD_SALT, compress=True)
        return items
