"""A year's training dates, pasted one session a line: read, and judged.

Links, dates, weekdays, times and tracks are taken out of a line wherever they stand. What cannot be
understood is asked, not guessed. All times are UK times.
"""

from training.pasting.judging import judge
from training.pasting.lines import LONGEST_LINE, LONGEST_PASTE, read
from training.pasting.rows import Known, Row, TrackWords

__all__ = ["LONGEST_LINE", "LONGEST_PASTE", "Known", "Row", "TrackWords", "judge", "read"]
