"""Tables of another version, or not all of them."""

from pathlib import Path

import pytest

from doctor.conftest import Patient
from tillbridge.db import migrate

NEXT = '''"""The next schema."""

revision = "0002next"
down_revision = "{newest}"


def upgrade() -> None:
    """Change nothing."""
'''


@pytest.fixture
def newer_program(tmp_path: Path, monkeypatch):
    """A program that knows one revision more."""
    newest = migrate._program().newest
    (tmp_path / "next.py").write_text(NEXT.format(newest=newest))
    usual = migrate._config

    def config():
        made = usual()
        own = Path(migrate.__file__).parent / "migrations" / "versions"
        made.set_main_option("path_separator", "newline")
        made.set_main_option("version_locations", f"{own}\n{tmp_path}")
        return made

    monkeypatch.setattr(migrate, "_config", config)
    migrate._program.cache_clear()
    yield
    migrate._program.cache_clear()


def test_a_database_without_tables_is_said(empty_database_url):
    patient = Patient(empty_database_url)
    if patient.is_sqlite:
        patient.file.touch()

    found = patient.finding("migrations.none")

    assert "tillbridge init" in found.remedy.en


def test_an_older_database_is_said(patient, newer_program):
    found = patient.finding("migrations.older")

    assert "this program's is 0002next" in found.wrong.en
    assert "tillbridge init" in found.remedy.en


def test_a_newer_database_is_said(patient):
    patient.sql("UPDATE alembic_version SET version_num = '9999'")

    found = patient.finding("migrations.newer")

    assert "revision 9999" in found.wrong.en
    assert "Update this program" in found.remedy.en


def test_missing_tables_are_named(patient):
    patient.sql("DROP TABLE timeline")

    assert "1 table is missing" in patient.finding("migrations.incomplete").wrong.en
    assert "timeline" in patient.finding("migrations.incomplete").wrong.en
