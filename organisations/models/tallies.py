from django.db import models


class Tally(models.Model):
    """How often one thing was done by one person or address in a period (bộ đếm): `limits.py`.

    The key is a hash: what was typed as a name or an address is nobody's to read here.
    """

    key = models.CharField("khóa", max_length=64, unique=True)
    count = models.PositiveIntegerField("số lần", default=0)
    until = models.DateTimeField("hết kỳ lúc", db_index=True)

    class Meta:
        verbose_name = "bộ đếm"
        verbose_name_plural = "bộ đếm"

    def __str__(self):
        return f"{self.count} lần, đến {self.until:%H:%M %d/%m/%Y}"
