"""What older code can live with, operation by operation, and the real migrations of this site."""

from pathlib import Path

import pytest

from deploy.schema_compatibility import HARMFUL, HARMLESS, Migration, operations, troubles

ROOT = Path(__file__).parents[2]


def judged(operation, comment=""):
    source = f"{comment}\nclass Migration:\n    operations = [{operation}]\n"
    return [str(trouble) for trouble in troubles([Migration("lettings", "0009_x", source)])]


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless(name):
    assert not judged(f'migrations.{name}("letting", "x")')


@pytest.mark.parametrize("name", [*HARMFUL, "SomethingNew"])
def test_harmful(name):
    (words,) = judged(f'migrations.{name}("letting", "price")')
    assert words.startswith(f"lettings.0009_x: {name}(letting.price): ")


@pytest.mark.parametrize(
    ("field", "fills"),
    [
        ("models.IntegerField(null=True)", True),
        ("models.IntegerField(db_default=0)", True),
        ("models.ManyToManyField('x.Y')", True),
        ("models.IntegerField(default=0)", False),
        ("models.CharField(blank=True)", False),
        ("models.IntegerField(null=False)", False),
    ],
)
def test_a_new_column_must_fill_itself(field, fills):
    assert (not judged(f"migrations.AddField('letting', 'stars', {field})")) == fills
    assert (not judged(f"migrations.AddField(model_name='a', name='b', field={field})")) == fills


def test_only_what_the_database_does_counts():
    state = "state_operations=[migrations.RemoveField('letting', 'price')]"
    assert not judged(f"migrations.SeparateDatabaseAndState({state}, database_operations=[])")
    database = "database_operations=[migrations.RemoveField('letting', 'price')]"
    assert judged(f"migrations.SeparateDatabaseAndState({database})")


def test_somebody_can_vouch_with_a_reason():
    promise = "# older-code: runs, because it only fills an unused column"
    assert not judged("migrations.RunPython(fill)", promise)
    assert judged("migrations.RunPython(fill)", "# older-code: runs, because")


def test_the_real_migrations_can_be_read():
    read = {path.stem: operations(path.read_text()) for path in ROOT.glob("*/migrations/0*.py")}
    assert [name for name, _ in read["0001_initial"]]
    assert "AddIndex" in dict(read["0003_search_and_orders"])
