"""The first table: saved reforms."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Make the table of saved reforms."""

    initial = True

    dependencies: ClassVar[list] = []

    operations: ClassVar[list] = [
        migrations.CreateModel(
            name="SavedReform",
            fields=[
                ("hash", models.CharField(max_length=12, primary_key=True, serialize=False)),
                ("base", models.CharField(max_length=80)),
                ("title", models.CharField(blank=True, max_length=120)),
                ("edits", models.TextField()),
                ("forked_from", models.CharField(blank=True, max_length=12)),
                ("saved", models.DateField(auto_now_add=True)),
            ],
        ),
    ]
