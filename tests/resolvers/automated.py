"""An automation that has fired, and the webhook that it owes, for whoever wants to name them."""

from __future__ import annotations

from uuid import UUID

from actions.automations import Watch, create_automation
from actions.destinations import Destination
from actions.firing import DELIVER, EVERYBODY
from actions.post import Job
from models.automation import WebhookDelivery
from tests.resolvers.asking import gid
from tests.world import Nation


async def automated(nation: Nation, profile_id: UUID) -> dict[str, str]:
    """Return an automation of a nation and a delivery, by what they are; nobody works on the delivery."""
    hook = Destination(f"https://{nation.slug}.example/hook")
    async with nation.world.unit(nation.admin) as unit:
        automation_id = await create_automation(unit, nation.id, f"watch of {nation.slug}", Watch("suffix"), hook)
    await nation.edit(profile_id, suffix="Jr")
    owed = await WebhookDelivery.get(automation_id=automation_id)
    nation.world.post.jobs.pop(Job(DELIVER, str(EVERYBODY)))
    return {"Automation": gid("Automation", automation_id), "WebhookDelivery": gid("WebhookDelivery", owed.id)}
