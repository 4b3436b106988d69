"""Add urgent hand-overs.

Something urgent ends with a person who has taken it by name: the hand-over, each time somebody was asked, who is on
duty when, and a kind of timeline line of its own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004_add_urgent_handovers"
down_revision = "0003_add_reorganisation_plans"
branch_labels = None
depends_on = None

_KINDS = (
    *("opened", "contact", "decided", "taken", "released", "assigned", "status", "note", "message", "reply"),
    *("handed-over", "closed", "reopened"),
)


def upgrade() -> None:
    op.create_table(
        "rota_places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_gss", sa.String(length=9), nullable=True),
        sa.Column("group_slug", sa.String(length=80), nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts", sa.String(length=5), nullable=False),
        sa.Column("ends", sa.String(length=5), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("staff_user_id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.CheckConstraint("position BETWEEN 1 AND 9", name=op.f("ck_rota_places_position_of_one_to_nine")),
        sa.CheckConstraint("starts < ends", name=op.f("ck_rota_places_starts_before_it_ends")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_rota_places_weekday_of_a_week")),
        sa.ForeignKeyConstraint(
            ["authority_gss"], ["authorities.gss"], name=op.f("fk_rota_places_authority_gss_authorities")
        ),
        sa.ForeignKeyConstraint(
            ["staff_user_id"],
            ["staff_users.id"],
            name=op.f("fk_rota_places_staff_user_id_staff_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rota_places")),
    )
    with op.batch_alter_table("rota_places", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rota_places_authority_gss"), ["authority_gss"], unique=False)

    op.create_table(
        "urgent_handovers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("authority_gss", sa.String(length=9), nullable=True),
        sa.Column("group_slug", sa.String(length=80), nullable=False),
        sa.Column("signpost", sa.String(length=80), nullable=True),
        sa.Column(
            "stage",
            sa.Enum("agent", "supervisor", name="urgentstage", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("duty", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("taken_by", sa.String(length=200), nullable=True),
        sa.Column("words_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (taken_by IS NULL)", name=op.f("ck_urgent_handovers_accepted_by_a_name")
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["staff_users.id"], name=op.f("fk_urgent_handovers_accepted_by_id_staff_users")
        ),
        sa.ForeignKeyConstraint(
            ["authority_gss"], ["authorities.gss"], name=op.f("fk_urgent_handovers_authority_gss_authorities")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_urgent_handovers_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_urgent_handovers_contact_id_contacts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["staff_users.id"], name=op.f("fk_urgent_handovers_opened_by_id_staff_users")
        ),
        sa.ForeignKeyConstraint(["words_id"], ["words.id"], name=op.f("fk_urgent_handovers_words_id_words")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urgent_handovers")),
    )
    with op.batch_alter_table("urgent_handovers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_urgent_handovers_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_urgent_handovers_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(
            "ix_urgent_handovers_waiting",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("accepted_at IS NULL"),
            postgresql_where=sa.text("accepted_at IS NULL"),
        )

    op.create_table(
        "urgent_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("rota", "supervisors", name="stepkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("staff_user_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["handover_id"],
            ["urgent_handovers.id"],
            name=op.f("fk_urgent_steps_handover_id_urgent_handovers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_user_id"], ["staff_users.id"], name=op.f("fk_urgent_steps_staff_user_id_staff_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urgent_steps")),
        sa.UniqueConstraint("handover_id", "seq", name=op.f("uq_urgent_steps_handover_id_seq")),
    )
    _let_events_be((*_KINDS, "urgent"))


def downgrade() -> None:
    # A line that has lost its hand-over still says that something was noted then.
    op.execute("UPDATE events SET kind = 'note' WHERE kind = 'urgent'")
    _let_events_be(_KINDS)
    op.drop_table("urgent_steps")
    with op.batch_alter_table("urgent_handovers", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_urgent_handovers_waiting",
            sqlite_where=sa.text("accepted_at IS NULL"),
            postgresql_where=sa.text("accepted_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_urgent_handovers_contact_id"))
        batch_op.drop_index(batch_op.f("ix_urgent_handovers_case_id"))

    op.drop_table("urgent_handovers")
    with op.batch_alter_table("rota_places", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rota_places_authority_gss"))

    op.drop_table("rota_places")


def _let_events_be(kinds: tuple[str, ...]) -> None:
    with op.batch_alter_table("events") as events:
        events.drop_constraint(op.f("ck_events_eventkind"), type_="check")
        events.create_check_constraint(
            op.f("ck_events_eventkind"), f"kind IN ({', '.join(repr(kind) for kind in kinds)})"
        )
