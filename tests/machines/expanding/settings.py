"""The application with the throwaway migration beside its own."""

from hocxahoi.settings import *  # noqa: F403
from hocxahoi.settings import INSTALLED_APPS as OURS

INSTALLED_APPS = [*OURS, "tests.machines.expanding"]
