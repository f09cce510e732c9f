"""Within how many working days enquiries are to be answered: an owner may set it."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from contact.models.enquiries import Enquiry
from contact.working_days import DAYS_TO_ANSWER, DAYS_TO_ANSWER_URGENT


class AnswerTimeManager(models.Manager["AnswerTime"]):
    """Answer times by topic."""

    def days_for(self, topic: str) -> int:
        """Return within how many working days a topic is answered: as set, else as usual."""
        row = self.filter(topic=topic).first()
        if row is not None:
            return row.working_days
        urgent = topic == Enquiry.Topic.COMPLEX_CASE
        return DAYS_TO_ANSWER_URGENT if urgent else DAYS_TO_ANSWER


class AnswerTime(models.Model):
    """Within how many working days enquiries about a topic are to be answered."""

    topic = models.CharField(max_length=20, choices=Enquiry.Topic, unique=True)
    working_days = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text="Monday to Friday, without England's bank holidays, after the day on which it "
        "is read. For what comes from now on.",
    )

    objects = AnswerTimeManager()

    class Meta:
        ordering = ("topic",)

    def __str__(self) -> str:
        return self.get_topic_display()
