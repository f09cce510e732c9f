"""One seed of one fault: who sends what, drawn from the seed, and the list of all faults."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from contact.mail import NOTICE
from contact.models import Enquiry
from tests.faults.ledger import Verdict, judge
from tests.faults.stage import Sent, Stage
from tests.processes import councils

POSTGRESQL, SQLITE = "postgresql", "sqlite"


@dataclass
class Scene:
    """A seed's chance, its enquiries, and how many copies its fault may cause.

    `is_long`: it is played as `make faults` does, not in the short form of `make test`.
    """

    stage: Stage
    chance: random.Random
    name: str
    engine: str
    is_long: bool = False
    bound: int = 0
    enquiries: list[Sent] = field(default_factory=list)
    others: set[str] = field(default_factory=set)

    def draw(self, count: int = 0, **values: str) -> list[Sent]:
        """Return enquiries that nobody has sent yet, 2 to 6 where `count` is not given."""
        return [self._one(values) for _ in range(count or self.chance.randint(2, 6))]

    def _one(self, values: dict[str, str]) -> Sent:
        chance = self.chance
        place, region = chance.choice(councils())
        number = len(self.enquiries)
        sent = Sent(
            values={
                "place": place,
                "setting": chance.choice(Enquiry.Setting.values),
                "topic": chance.choice(Enquiry.Topic.values),
                "message": "When is the next date? " * chance.randint(1, 40),
                "full_name": f"Sam Example {number}",
                "email": f"sender-{self.name}-{number}@school.example",
                "organisation": "Example School",
                "token": f"{chance.getrandbits(128):032x}",
                "confirm": "yes",
                **values,
            },
            mailbox=f"{region}@example.org",
        )
        self.enquiries.append(sent)
        return sent

    def send(self, enquiries: list[Sent], *, fault: str = "") -> None:
        """Send one after the other; a fault strikes each at the first try."""
        for sent in enquiries:
            self.stage.send(sent, fault=fault)

    def send_at_once(self, enquiries: list[Sent]) -> None:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(self.stage.send, enquiries))

    def send_some(self, count: int = 0, **values: str) -> list[Sent]:
        """Send some at once, unharmed."""
        drawn = self.draw(count, **values)
        self.send_at_once(drawn)
        return drawn

    def nth(self, of: int) -> int:
        """Return a number from 1 to `of`."""
        return self.chance.randint(1, of)

    def state(self, sent: Sent, kind: str = NOTICE) -> str:
        """Return the state of an enquiry's mail."""
        key = Enquiry.objects.values_list("pk", flat=True).get(reference=sent.reference)
        return self.stage.states()[kind, key]

    def judge(self) -> Verdict:
        return judge(
            self.enquiries, list(self.stage.mail.kept), bound=self.bound, others=self.others
        )


@dataclass(frozen=True)
class Fault:
    """What is done.

    `bound` says in words how many copies it may cause; `why_not` for an engine that it does not
    apply to; `every`: only each so manieth seed is played, for one is much work.
    """

    name: str
    does: str
    bound: str
    play: Callable[[Scene], None]
    not_on: str = ""
    why_not: str = ""
    every: int = 1


FAULTS: dict[str, Fault] = {}


def fault(
    name: str,
    does: str,
    *,
    bound: str = "0",
    not_on: str = "",
    why_not: str = "",
    every: int = 1,
) -> Callable[[Callable[[Scene], None]], Callable[[Scene], None]]:
    """Put a scene on the list of faults."""

    def put(play: Callable[[Scene], None]) -> Callable[[Scene], None]:
        FAULTS[name] = Fault(name, does, bound, play, not_on, why_not, every)
        return play

    return put
