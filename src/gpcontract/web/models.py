"""What the explorer stores: the reforms that people save, each under its hash."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class SavedReform(models.Model):
    """A reform as it was saved: its edits under their hash. Nothing is known of who saved it."""

    hash = models.CharField(max_length=12, primary_key=True)
    base = models.CharField(max_length=80)  # the contract it was first saved on; it may stand on any other
    title = models.CharField(max_length=120, blank=True)
    edits = models.TextField()  # canonical JSON
    forked_from = models.CharField(max_length=12, blank=True)
    saved = models.DateField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.title or 'Untitled'} ({self.hash})"


class SavedAgain(models.Model):
    """The same edits as they were saved on another contract, with a title of their own."""

    reform = models.ForeignKey(SavedReform, models.CASCADE)
    base = models.CharField(max_length=80)
    title = models.CharField(max_length=120, blank=True)
    forked_from = models.CharField(max_length=12, blank=True)
    saved = models.DateField(auto_now_add=True)

    class Meta:
        """Once for each contract."""

        constraints: ClassVar[list] = [models.UniqueConstraint(fields=["reform", "base"], name="saved_again_once")]

    def __str__(self) -> str:
        return f"{self.title or 'Untitled'} ({self.reform_id} on {self.base})"
