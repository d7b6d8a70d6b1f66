"""Why two profiles are linked, or are not."""

from typing import Annotated
from uuid import UUID

import strawberry

from actions.explaining import Explained, explain_match
from actions.unit import unit_of_work
from resolvers.context import Info
from resolvers.ids import as_uuid, decode
from resolvers.present import evidence
from schema.explanations import ExplainedFeature, ExplainedKey, ExplainedStep, MatchExplanation, PairAccount
from schema.matches import Match
from sharing.matching.accounts import SENTENCES, Account


@strawberry.type
class ExplanationQueries:
    """Where an operation may begin."""

    @strawberry.field(
        description="Why a match links somebody, or why it does not, with the steps tried, the keys in common, what "
        "each feature weighs, and what speaks against. Both nations are told of a link and of the likeliest candidate "
        "of a doubt, the receiver of every candidate; of any other two only who belongs to both nations. Null where "
        "there is no such match or profile, or the viewer may not see it."
    )
    async def explain_match(
        self,
        info: Info,
        match: Annotated[strawberry.ID, strawberry.argument(description="The match.")],
        receiver_profile: Annotated[
            strawberry.ID | None,
            strawberry.argument(
                description="A profile of the receiver's, for whoever belongs to it, to be told why it is not the "
                "person; left out, whom the match links, or who comes nearest."
            ),
        ] = None,
    ) -> MatchExplanation | None:
        """Why a match links somebody, or does not."""
        kind, row = decode(match, "match")
        match_id = as_uuid(row) if kind == "Match" else None
        profile_id = None
        if receiver_profile is not None:
            kind, row = decode(receiver_profile, "receiverProfile")
            profile_id = as_uuid(row) if kind == "Profile" else None
            if profile_id is None:
                return None
        if match_id is None:
            return None
        async with unit_of_work(info.context.post, info.context.caller) as unit:
            found = await explain_match(unit, match_id, profile_id)
        shown = await info.context.loaders.match_row(match_id) if found else None
        return _explanation(found, shown) if found and shown else None


def _explanation(found: Explained, match: Match) -> MatchExplanation:
    account, receiver_id = found.account, found.receiver_id
    return MatchExplanation(
        rival_id=found.rival_id,
        match=match,
        ruling=found.ruling,
        sentence=SENTENCES[found.ruling],
        steps=[ExplainedStep(step=one.step, finding=one.finding) for one in found.steps],
        account=_account(account, receiver_id) if account and receiver_id else None,
    )


def _account(account: Account, receiver_id: UUID) -> PairAccount:
    return PairAccount(
        receiver_profile_id=receiver_id,
        probability=account.probability,
        against=account.against.name,
        prior_bits=account.prior,
        features=[ExplainedFeature(**piece._asdict()) for piece in account.pieces],
        keys=[ExplainedKey(kind=key.kind.name, is_crowded=key.crowded) for key in account.keys],
        evidence=evidence([item._asdict() for item in account.evidence]),
    )
