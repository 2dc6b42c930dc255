"""What lint refuses of a migration, and what it lets pass."""

import pytest

from deploy import migration_safety
from deploy.migration_safety import FIRST_RELEASE, ROOT, newer_migrations, troubles
from deploy.schema_compatibility import Migration


def found(operations, comment=""):
    source = f"{comment}\nclass Migration:\n    operations = [{operations}]\n"
    return [str(trouble) for trouble in troubles(Migration("lettings", "0099_x", source))]


@pytest.mark.parametrize(
    "operation, why",
    [
        ("migrations.RemoveField('letting', 'old')", "a column that is gone"),
        ("migrations.RenameField('letting', 'old', 'new')", "a column that is gone"),
        ("migrations.DeleteModel('Letting')", "a table that is gone"),
        ("migrations.RenameModel('Letting', 'House')", "a table that is gone"),
        ("migrations.AlterModelTable('letting', 'houses')", "a table that is gone"),
        ("migrations.AlterField('letting', 'x', models.TextField())", "no longer what"),
        ("migrations.AddField('letting', 'x', models.IntegerField(default=1))", "refused"),
        ("migrations.AddIndex('letting', models.Index(fields=['x'], name='i'))", "write"),
        ("migrations.AddConstraint('letting', models.CheckConstraint())", "refuses rows"),
        ("migrations.RunSQL('ALTER TABLE x DROP y')", "nobody can read off"),
        ("migrations.AddField('a', 'x', models.ForeignKey('b', null=True))", "write"),
        (
            "migrations.AddField('a', 'x', models.IntegerField(null=True, db_index=True))",
            "write",
        ),
        (
            "migrations.AddField('a', 'x', models.IntegerField(null=True, unique=True))",
            "write",
        ),
    ],
)
def test_refuses_what_breaks_or_holds_up_the_running_release(operation, why):
    (trouble,) = found(operation)
    assert why in trouble
    assert trouble.startswith("lettings.0099_x: ")


@pytest.mark.parametrize(
    "operation",
    [
        "migrations.CreateModel('House', fields=[])",
        "migrations.AddField('letting', 'x', models.IntegerField(null=True))",
        "migrations.AddField('letting', 'x', models.IntegerField(db_default=1))",
        "migrations.AddField('a', 'x', models.ForeignKey('b', null=True, db_index=False))",
        "AddIndexConcurrently('letting', models.Index(fields=['x'], name='i'))",
        "ValidateConstraint('letting', 'positive')",
        "migrations.SeparateDatabaseAndState(state_operations=["
        "migrations.RemoveField('letting', 'old')])",
        # A table of its own was in use by nobody.
        "migrations.CreateModel(name='House', fields=[]),"
        "migrations.AddConstraint('house', models.CheckConstraint()),"
        "migrations.AddIndex('house', models.Index(fields=['x'], name='i'))",
    ],
)
def test_lets_pass_what_the_running_release_does_not_notice(operation):
    assert found(operation) == []


def test_the_half_of_a_split_that_changes_the_database_is_seen():
    dropped = "migrations.SeparateDatabaseAndState(database_operations=[%s])"
    assert found(dropped % "migrations.RemoveField('letting', 'old')")


@pytest.mark.parametrize(
    "operation, comment",
    [
        ("migrations.RemoveField('a', 'x')", "# older-code: runs, because 0007 took it out"),
        (
            "migrations.AddIndex('a', models.Index())",
            "# lock: short, because it has ten rows",
        ),
    ],
)
def test_a_person_can_vouch_for_one_with_a_reason(operation, comment):
    assert found(operation, comment) == []
    assert found(operation, comment.partition("because")[0])


def test_what_this_repository_has_passes_now(capsys):
    assert migration_safety.main() == 0
    assert capsys.readouterr().err == ""


def test_only_what_came_after_the_first_release_is_looked_at(tmp_path):
    for app, number in (("lettings", 3), ("lettings", 4), ("enquiries", 1)):
        folder = tmp_path / app / "migrations"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number:04}_x.py").write_text("")
    newer = [str(migration) for migration in newer_migrations(tmp_path)]
    assert newer == ["enquiries.0001_x", "lettings.0004_x"]


def test_the_first_release_is_one_of_ours():
    for app, number in FIRST_RELEASE.items():
        assert list((ROOT / app / "migrations").glob(f"{number:04}_*.py"))


def test_each_trouble_comes_with_a_way_around_it(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "lettings" / "migrations"
    folder.mkdir(parents=True)
    (folder / "0099_x.py").write_text("operations = [migrations.RemoveField('letting', 'old')]")
    monkeypatch.setattr(migration_safety, "ROOT", tmp_path)
    assert migration_safety.main() == 1
    told = capsys.readouterr().err
    assert "RemoveField(letting.old): the older code asks for a column that is gone" in told
    assert "fix: in one release take it out of the code" in told
    assert "# older-code: runs, because ..." in told
