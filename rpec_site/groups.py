"""The staff groups, and what each may do in the admin."""

from __future__ import annotations


def _all(app: str, *models: str) -> list[str]:
    return [f"{app}.{verb}_{model}" for model in models for verb in ("add", "change", "view")]


EDITORS = "Editors"
COORDINATORS = "Co-ordinators"
NATIONAL_TEAM = "National team"

# How old the national files are, and whether they could be fetched.
DATA = ["regions.view_nationalfile", "regions.view_nationaldownload"]

GROUPS: dict[str, list[str]] = {
    EDITORS: [
        *_all("training", "session", "track"),
        "guidance.view_page",
        "guidance.change_page",
        "guidance.view_edition",
        "guidance.change_edition",
        *_all("guidance", "section"),
        "guidance.delete_section",
        *_all("guidance", "link"),
        "regions.view_region",
        "regions.change_region",
        "regions.view_area",
        *_all("regions", "place", "placetarget", "localcontact"),
        "regions.delete_place",
        "regions.delete_placetarget",
        "regions.delete_localcontact",
        "regions.view_unfound",
        "regions.view_post",
        "regions.view_absence",
        *DATA,
    ],
    COORDINATORS: [
        "contact.view_enquiry",
        "contact.change_enquiry",
    ],
    NATIONAL_TEAM: [
        "contact.view_enquiry",
        "contact.change_enquiry",
        "contact.view_every_enquiry",
        "contact.handle_personal_data",
        *_all("contact", "answertime"),
        "contact.view_personaldatarequest",
        "contact.view_erasedtotal",
        "outbox.view_message",
        "outbox.view_attempt",
        *_all("regions", "coordinator", "post", "absence"),
        "regions.delete_absence",
        "regions.view_region",
        *DATA,
    ],
}

# Who holds or covers a post reads its enquiries, and its mailbox gets them. So editors say nothing
# of it, and whoever is in two groups may do no more than what each of them may (decision 29). An
# earlier version gave these to editors: they are taken away wherever they still stand.
WITHHELD: dict[str, list[str]] = {
    EDITORS: [
        f"regions.{verb}_{model}"
        for model in ("coordinator", "post", "absence")
        for verb in ("add", "change", "delete")
    ]
    + ["regions.view_coordinator"],
}
