"""Add rule changes.

Administrators change in the browser who does what: dated rows laid over the data files, with their history.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002_add_rule_changes"
down_revision = "0001_create_case_model"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rule_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "subject",
            sa.Enum("agreement", "service", name="rulesubject", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("subject_slug", sa.String(length=80), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft", "in-force", "discarded", name="rulestate", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("before", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("after", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("based_on", sa.Integer(), nullable=True),
        sa.Column("drafted_by_id", sa.Integer(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("in_force_by_id", sa.Integer(), nullable=True),
        sa.Column("in_force_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason_id", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'in-force') = (number IS NOT NULL)", name=op.f("ck_rule_changes_in_force_has_a_number")
        ),
        sa.CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name=op.f("ck_rule_changes_ends_after_it_starts")),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["staff_users.id"], name=op.f("fk_rule_changes_drafted_by_id_staff_users")
        ),
        sa.ForeignKeyConstraint(
            ["in_force_by_id"], ["staff_users.id"], name=op.f("fk_rule_changes_in_force_by_id_staff_users")
        ),
        sa.ForeignKeyConstraint(["reason_id"], ["words.id"], name=op.f("fk_rule_changes_reason_id_words")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_changes")),
        sa.UniqueConstraint("number", name=op.f("uq_rule_changes_number")),
    )
    with op.batch_alter_table("rule_changes", schema=None) as batch_op:
        batch_op.create_index(
            "ix_rule_changes_drafts",
            ["updated_at"],
            unique=False,
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )
        batch_op.create_index("ix_rule_changes_subject_subject_slug", ["subject", "subject_slug"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("rule_changes", schema=None) as batch_op:
        batch_op.drop_index("ix_rule_changes_subject_subject_slug")
        batch_op.drop_index(
            "ix_rule_changes_drafts",
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )

    op.drop_table("rule_changes")
