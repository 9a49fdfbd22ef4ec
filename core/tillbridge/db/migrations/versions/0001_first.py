"""The first schema.

Revision ID: 0001
Revises:
"""

from alembic import op

from tillbridge.db import tables
from tillbridge.db.metadata import metadata

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

__all__ = ["tables"]  # its import registers the tables


def upgrade() -> None:
    """Make every table."""
    metadata.create_all(op.get_bind())


def downgrade() -> None:
    """Take every table away."""
    metadata.drop_all(op.get_bind())
