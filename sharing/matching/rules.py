"""What a share lets its matching look at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MatchRules:
    """The evidence that takes part in the matching of one share, beside names, birthdays, phones and addresses.

    Attributes:
        ids: catalogue keys of the unique ids that take part, in the order in which they name a match.
        emails: whether emails take part.
    """

    ids: tuple[str, ...] = ()
    emails: bool = False
