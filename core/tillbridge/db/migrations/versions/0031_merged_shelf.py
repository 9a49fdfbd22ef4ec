"""Products of the shelf that were merged into another are found without looking at all the others.

Revision ID: 0031_merged_shelf
Revises: 0030_released
"""

import sqlalchemy as sa
from alembic import op

revision = "0031_merged_shelf"
down_revision = "0030_released"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    merged = sa.text("merged_into IS NOT NULL")
    op.create_index("ix_shelf_merged", "shelf", ["merged_into"], sqlite_where=merged, postgresql_where=merged)


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_shelf_merged", "shelf")
