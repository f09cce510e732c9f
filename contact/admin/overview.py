"""How enquiries stand in each region: how many, how old, how fast they are answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median

from django.utils import timezone

from contact.models import Enquiry, EnquiryQuerySet
from contact.working_days import working_days_between

# Answers of so long ago say little about today.
LOOKS_BACK = timedelta(days=90)


@dataclass(slots=True)
class RegionFigures:
    """One region's line. Ages and times to answer are in working days."""

    name: str
    position: int
    new: int = 0
    acknowledged: int = 0
    held: int = 0
    overdue: int = 0
    oldest_days: int | None = None
    days_to_answer: list[int] = field(default_factory=list)

    @property
    def usual_days(self) -> float | None:
        """The median time to answer, of the last 90 days."""
        return median(self.days_to_answer) if self.days_to_answer else None


def overview(enquiries: EnquiryQuerySet, *, at: datetime) -> list[RegionFigures]:
    """Return a line for each region of these enquiries, in the regions' order."""
    today = timezone.localdate(at)
    lines: dict[str, RegionFigures] = {}
    rows = enquiries.open() | enquiries.filter(answered_at__gte=at - LOOKS_BACK)
    for enquiry in rows.select_related("region").only(
        "state", "topic", "received_at", "answered_at", "due_on", "region"
    ):
        position = enquiry.region.position if enquiry.region else 0
        line = lines.setdefault(enquiry.region_name, RegionFigures(enquiry.region_name, position))
        _count(line, enquiry, today)
    return sorted(lines.values(), key=lambda line: line.position)


def _count(line: RegionFigures, enquiry: Enquiry, today: date) -> None:
    received = timezone.localdate(enquiry.received_at)
    if enquiry.is_open:
        setattr(line, enquiry.state, getattr(line, enquiry.state) + 1)
        line.overdue += enquiry.due_on < today
        line.oldest_days = max(line.oldest_days or 0, working_days_between(received, today))
    if enquiry.answered_at is not None:
        answered = timezone.localdate(enquiry.answered_at)
        line.days_to_answer.append(working_days_between(received, answered))
