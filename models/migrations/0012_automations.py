from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from sharing.states import DeliveryState

# Field-change automations, and the webhooks that are owed because of them. What is due is found nation by nation.

INDEXES = """
CREATE INDEX automations_nation ON automations (nation_id, name, id);
CREATE INDEX automations_enabled ON automations (nation_id, field) WHERE enabled;
CREATE INDEX webhook_deliveries_automation ON webhook_deliveries (automation_id, id);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (nation_id, next_attempt_at, id) WHERE state = 'PENDING';
CREATE INDEX webhook_deliveries_over ON webhook_deliveries (last_attempt_at) WHERE state <> 'PENDING';
"""


class Migration(migrations.Migration):
    """Field-change automations, and their webhooks."""

    dependencies = [("models", "0011_audiences")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Automation",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "nation",
                    fields.ForeignKeyField(
                        "models.Nation",
                        source_field="nation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="automations",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("name", fields.TextField(unique=False)),
                ("field", fields.TextField(unique=False)),
                ("from_value", fields.TextField(null=True, unique=False)),
                ("to_value", fields.TextField(null=True, unique=False)),
                ("enabled", fields.BooleanField(default=True)),
                ("webhook_url", fields.TextField(null=True, unique=False)),
                ("secret", fields.TextField(unique=False)),
                ("secret_version", fields.IntField(default=1)),
                ("former_secret", fields.TextField(null=True, unique=False)),
                ("rotated_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("updated_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "automations",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What happens when a field of a profile changes in a certain way. Blank is an "
                "empty text, null is whatever.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="WebhookDelivery",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "nation",
                    fields.ForeignKeyField(
                        "models.Nation",
                        source_field="nation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="deliveries",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "automation",
                    fields.ForeignKeyField(
                        "models.Automation",
                        source_field="automation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="deliveries",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("profile_id", fields.UUIDField()),
                ("field", fields.TextField(unique=False)),
                ("from_value", fields.TextField(null=True, unique=False)),
                ("to_value", fields.TextField(null=True, unique=False)),
                (
                    "state",
                    fields.CharEnumField(
                        description="PENDING: PENDING\nDELIVERED: DELIVERED\nGIVEN_UP: GIVEN_UP",
                        enum_type=DeliveryState,
                        max_length=16,
                    ),
                ),
                ("attempts", fields.IntField(default=0)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("next_attempt_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("last_attempt_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("last_status", fields.IntField(null=True)),
                ("last_error", fields.TextField(null=True, unique=False)),
            ],
            options={
                "table": "webhook_deliveries",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A webhook that is owed: written with the change that it tells of, kept until it "
                "is delivered or given up.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(
            INDEXES,
            reverse_sql="DROP INDEX automations_nation, automations_enabled, webhook_deliveries_automation, "
            "webhook_deliveries_due, webhook_deliveries_over",
        ),
    ]
