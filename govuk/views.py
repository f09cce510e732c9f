"""The gallery: every component on one page, with real words. Served in DEBUG only."""

from typing import Any

from django.views.generic import TemplateView

from govuk.gallery import GalleryForm, sessions


class Gallery(TemplateView):
    """Shows every component as it stands on the site's pages, to be looked at and tested."""

    template_name = "govuk/gallery.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the components something to show, forms in both their states among it."""
        return super().get_context_data(
            form=GalleryForm(),
            wrong_form=GalleryForm(
                {"wrong-email": "j.shah@school", "wrong-token": "example"}, prefix="wrong"
            ),
            sessions=sessions(),
            track_sessions=[
                {**row, "title": "", "audience": "", "region_name": ""} for row in sessions()
            ],
            breadcrumbs=[
                {"text": "Home", "url": "/"},
                {"text": "Training", "url": "/training/"},
            ],
            summary=[
                {
                    "key": "Your name",
                    "value": "Jaya Shah",
                    "change_name": "change",
                    "change_value": "full_name",
                },
                {"key": "What is it about?", "value": "Training", "change_url": "/contact/"},
                {"key": "Who will get it", "value": "The North-East co-ordinator"},
            ],
            contents=[
                {"heading": "Report a concern", "anchor": "report-a-concern", "level": 2},
                {"heading": "About a person", "anchor": "about-a-person", "level": 3},
                {"heading": "How co-ordinators can help", "anchor": "help", "level": 2},
            ],
            updates=[
                {
                    "date": "21 May 2025, 10:31am",
                    "note": "Dates of future training sessions added.",
                    "url": "/guidance/regional-prevent-education-coordinators/history/2..3/",
                    "url_text": "See what changed",
                },
                {
                    "date": "29 August 2024, 5:05pm",
                    "note": "First published. The text of this edition is not held.",
                },
            ],
            actions=[
                {"text": "Ask about training", "url": "/contact/?topic=training"},
                {"text": "See what your region offers", "url": "/regions/"},
            ],
            **kwargs,
        )
