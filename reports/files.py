"""Where the file of a run lies in storage."""

from django.utils.crypto import salted_hmac

from reports.models import ReportRun


def path_of(run: ReportRun) -> str:
    """The name under which this attempt stores its file.

    Nothing of it comes from a person and nobody can guess it; whoever finds that the attempt died
    in the middle knows it too, and takes away what was stored.
    """
    attempt = f"{run.pk} {run.attempts} {run.started_at.isoformat()}"
    mark = salted_hmac("reports.files", attempt, algorithm="sha256").hexdigest()[:24]
    return f"reports/{run.pk}-{mark}.{run.ending}"
