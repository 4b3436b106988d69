"""Add reorganisation plans.

Councils are merged and split by dated plans. A plan that was given a day is a row, and so is each case that it moved,
so that it can be undone. An authority may now have two queues of one team: its own and a former council's area team.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003_add_reorganisation_plans"
down_revision = "0002_add_rule_changes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reorganisation_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "in-force",
                "called-off",
                "undone",
                name="planstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("undo_until", sa.Date(), nullable=False),
        sa.Column("planned_by_id", sa.Integer(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason_id", sa.Integer(), nullable=True),
        sa.Column("in_force_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason_id", sa.Integer(), nullable=True),
        sa.Column("staged_on", sa.Date(), nullable=True),
        sa.Column("moved_on", sa.Date(), nullable=True),
        sa.Column("scanned_to", sa.Integer(), nullable=False),
        sa.Column("is_moved_back", sa.Boolean(), nullable=False),
        sa.Column("appointments", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["end_reason_id"], ["words.id"], name=op.f("fk_reorganisation_plans_end_reason_id_words")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["staff_users.id"], name=op.f("fk_reorganisation_plans_ended_by_id_staff_users")
        ),
        sa.ForeignKeyConstraint(
            ["planned_by_id"], ["staff_users.id"], name=op.f("fk_reorganisation_plans_planned_by_id_staff_users")
        ),
        sa.ForeignKeyConstraint(["reason_id"], ["words.id"], name=op.f("fk_reorganisation_plans_reason_id_words")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reorganisation_plans")),
        sa.UniqueConstraint("number", name=op.f("uq_reorganisation_plans_number")),
    )
    with op.batch_alter_table("reorganisation_plans", schema=None) as batch_op:
        batch_op.create_index(
            "ix_reorganisation_plans_one_active",
            ["slug"],
            unique=True,
            sqlite_where=sa.text("state IN ('planned', 'in-force')"),
            postgresql_where=sa.text("state IN ('planned', 'in-force')"),
        )

    op.create_table(
        "reorganisation_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("stage_on", sa.Date(), nullable=False),
        sa.Column("way", sa.String(length=200), nullable=False),
        sa.Column("from_queue_id", sa.Integer(), nullable=False),
        sa.Column("to_queue_id", sa.Integer(), nullable=False),
        sa.Column("from_authority_gss", sa.String(length=9), nullable=True),
        sa.Column("to_authority_gss", sa.String(length=9), nullable=True),
        sa.Column("owner_before_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_reorganisation_moves_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["from_authority_gss"],
            ["authorities.gss"],
            name=op.f("fk_reorganisation_moves_from_authority_gss_authorities"),
        ),
        sa.ForeignKeyConstraint(
            ["from_queue_id"], ["queues.id"], name=op.f("fk_reorganisation_moves_from_queue_id_queues")
        ),
        sa.ForeignKeyConstraint(
            ["owner_before_id"], ["staff_users.id"], name=op.f("fk_reorganisation_moves_owner_before_id_staff_users")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["reorganisation_plans.id"], name=op.f("fk_reorganisation_moves_plan_id_reorganisation_plans")
        ),
        sa.ForeignKeyConstraint(
            ["to_authority_gss"], ["authorities.gss"], name=op.f("fk_reorganisation_moves_to_authority_gss_authorities")
        ),
        sa.ForeignKeyConstraint(
            ["to_queue_id"], ["queues.id"], name=op.f("fk_reorganisation_moves_to_queue_id_queues")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reorganisation_moves")),
        sa.UniqueConstraint(
            "plan_id", "case_id", "stage_on", name=op.f("uq_reorganisation_moves_plan_id_case_id_stage_on")
        ),
    )
    with op.batch_alter_table("reorganisation_moves", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reorganisation_moves_case_id"), ["case_id"], unique=False)

    with op.batch_alter_table("queues", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_queues_authority_gss_team"), type_="unique")


def downgrade() -> None:
    # Area teams that a successor took over would break the rule that comes back: their team becomes their own.
    op.execute(
        "UPDATE queues SET team = slug WHERE authority_gss IS NOT NULL AND id NOT IN "
        "(SELECT min(id) FROM queues WHERE authority_gss IS NOT NULL GROUP BY authority_gss, team)"
    )
    with op.batch_alter_table("queues", schema=None) as batch_op:
        batch_op.create_unique_constraint(batch_op.f("uq_queues_authority_gss_team"), ["authority_gss", "team"])

    with op.batch_alter_table("reorganisation_moves", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reorganisation_moves_case_id"))

    op.drop_table("reorganisation_moves")
    with op.batch_alter_table("reorganisation_plans", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_reorganisation_plans_one_active",
            sqlite_where=sa.text("state IN ('planned', 'in-force')"),
            postgresql_where=sa.text("state IN ('planned', 'in-force')"),
        )

    op.drop_table("reorganisation_plans")
