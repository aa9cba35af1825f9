"""A second table: the same edits saved on more contracts than one."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Make the table of what is saved again; what is saved already stays as it is."""

    dependencies: ClassVar[list] = [("explorer", "0001_first")]

    operations: ClassVar[list] = [
        migrations.CreateModel(
            name="SavedAgain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("base", models.CharField(max_length=80)),
                ("title", models.CharField(blank=True, max_length=120)),
                ("forked_from", models.CharField(blank=True, max_length=12)),
                ("saved", models.DateField(auto_now_add=True)),
                ("reform", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="explorer.savedreform")),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("reform", "base"), name="saved_again_once")]},
        ),
    ]
