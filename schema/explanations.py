"""Why two profiles are linked, or are not."""

from uuid import UUID

import strawberry

from schema.context import Info
from schema.matches import Evidence, Match
from schema.profiles import Profile
from sharing.matching.accounts import MatchRuling, MatchStep, StepFinding


@strawberry.type(description="What one step of matching came to. The first with a hit decides.")
class ExplainedStep:
    """What one step of matching came to."""

    step: MatchStep = strawberry.field(description="The step.")
    finding: StepFinding = strawberry.field(description="What it came to.")


@strawberry.type(description="A key that both profiles have: whoever shares one is compared.")
class ExplainedKey:
    """A key that both profiles have."""

    kind: str = strawberry.field(description="What it is made of, such as PHONE or LAST_BIRTHDAY.")
    is_crowded: bool = strawberry.field(
        description="Whether too many of the receiver's profiles have it for anybody to be searched by it."
    )


@strawberry.type(description="What one feature says about two profiles.")
class ExplainedFeature:
    """What one feature says about two profiles."""

    feature: str = strawberry.field(description="What was compared, such as FIRST (name) or BIRTHDAY.")
    finding: str = strawberry.field(description="What was seen, in words; never a value.")
    bits: float = strawberry.field(
        description="What it adds to the binary logarithm of the odds of one person against `against`. Each bit "
        "doubles them; below 0 it speaks against."
    )
    reason: str = strawberry.field(description="Why it weighs so.")


@strawberry.type(description="All that speaks for and against two profiles being one person, on what they hold now.")
class PairAccount:
    """All that speaks for and against two profiles being one person."""

    receiver_profile_id: strawberry.Private[UUID]
    probability: float = strawberry.field(description="How sure it is that they are one person, from 0 to 1.")
    against: str = strawberry.field(
        description="What else they most likely are: MATE (two of one household), NAMESAKE (father and son of one "
        "name), TWIN, OTHER (strangers)."
    )
    prior_bits: float = strawberry.field(description="The bits before anything is compared: how rare it is to meet.")
    features: list[ExplainedFeature] = strawberry.field(
        description="Each feature that both hold, the weightiest first: with `priorBits` they add up to the odds."
    )
    keys: list[ExplainedKey] = strawberry.field(description="The keys that both have, of those that are searched by.")
    evidence: list[Evidence] = strawberry.field(description="The fields that both hold, and whether they agree.")

    @strawberry.field(description="The receiver's profile; null where the viewer may not see it.")
    async def receiver_profile(self, info: Info) -> Profile | None:
        """The receiver's profile."""
        return await info.context.reads.profile(info, self.receiver_profile_id)


@strawberry.type(description="Why a match links somebody, or does not.")
class MatchExplanation:
    """Why a match links somebody, or does not."""

    rival_id: strawberry.Private[UUID | None]
    match: Match = strawberry.field(description="The match.")
    ruling: MatchRuling = strawberry.field(description="What came of it, and why.")
    sentence: str = strawberry.field(description="The same in words.")
    steps: list[ExplainedStep] = strawberry.field(
        description="What each step came to; empty where that would tell of the other nation's profile."
    )
    account: PairAccount | None = strawberry.field(
        description="What speaks for and against; null where there is nobody, or it is not for the viewer to know."
    )

    @strawberry.field(
        description="The match of another of the sender's profiles that has, or claims as surely, the receiver's; null "
        "unless it was lost to one."
    )
    async def rival(self, info: Info) -> Match | None:
        """The match that has the receiver's profile."""
        return await info.context.reads.match(info, self.rival_id) if self.rival_id else None
