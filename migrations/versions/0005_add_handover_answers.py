"""Add hand-over answers.

A council accepts or refuses a case that another hands to it, the front desk's supervisors decide where they do not
agree, and the law's own clocks run at each council.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_add_handover_answers"
down_revision = "0004_add_urgent_handovers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "arbitrations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "refused-twice",
                "no-answer",
                name="arbitrationcause",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("to_authority_gss", sa.String(length=9), nullable=True),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR ended_at IS NOT NULL", name=op.f("ck_arbitrations_decided_is_ended")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_arbitrations_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["staff_users.id"], name=op.f("fk_arbitrations_decided_by_id_staff_users")
        ),
        sa.ForeignKeyConstraint(
            ["to_authority_gss"], ["authorities.gss"], name=op.f("fk_arbitrations_to_authority_gss_authorities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arbitrations")),
    )
    with op.batch_alter_table("arbitrations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_arbitrations_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            "uq_arbitrations_open",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "case_clocks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("authority_gss", sa.String(length=9), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "foi",
                "eir",
                "sar",
                "complaint-ack",
                "complaint-stage-1",
                name="clockkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column(
            "ended_how",
            sa.Enum(
                "answered",
                "passed-on",
                "came-back",
                "done",
                "other-kind",
                name="clockend",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.CheckConstraint("(ended_on IS NULL) = (ended_how IS NULL)", name=op.f("ck_case_clocks_ended_has_a_how")),
        sa.CheckConstraint("due_on > started_on", name=op.f("ck_case_clocks_due_after_start")),
        sa.ForeignKeyConstraint(
            ["authority_gss"], ["authorities.gss"], name=op.f("fk_case_clocks_authority_gss_authorities")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_clocks_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_clocks")),
    )
    with op.batch_alter_table("case_clocks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_clocks_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            "uq_case_clocks_running",
            ["case_id", "authority_gss", "kind"],
            unique=True,
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        )

    op.create_table(
        "handover_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("from_queue_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "accepted",
                "refused",
                "out-of-time",
                name="answerstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("reason_code", sa.String(length=80), nullable=True),
        sa.Column("words_id", sa.Integer(), nullable=True),
        sa.Column("customer_view", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "(state = 'waiting') = (answered_at IS NULL)", name=op.f("ck_handover_answers_answered_has_a_time")
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR reason_code IS NOT NULL", name=op.f("ck_handover_answers_refused_has_a_reason")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["staff_users.id"], name=op.f("fk_handover_answers_answered_by_id_staff_users")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_handover_answers_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["from_queue_id"], ["queues.id"], name=op.f("fk_handover_answers_from_queue_id_queues")
        ),
        sa.ForeignKeyConstraint(
            ["handover_id"],
            ["handovers.id"],
            name=op.f("fk_handover_answers_handover_id_handovers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["words_id"], ["words.id"], name=op.f("fk_handover_answers_words_id_words")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_answers")),
        sa.UniqueConstraint("handover_id", name=op.f("uq_handover_answers_handover_id")),
    )
    with op.batch_alter_table("handover_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handover_answers_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            "ix_handover_answers_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.create_index(
            "uq_handover_answers_waiting",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("handover_answers", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_handover_answers_waiting",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index(
            "ix_handover_answers_due",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index(batch_op.f("ix_handover_answers_case_id"))

    op.drop_table("handover_answers")
    with op.batch_alter_table("case_clocks", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_case_clocks_running",
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_case_clocks_case_id"))

    op.drop_table("case_clocks")
    with op.batch_alter_table("arbitrations", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_arbitrations_open",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_arbitrations_case_id"))

    op.drop_table("arbitrations")
