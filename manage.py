#!/usr/bin/env python
import os
import sys
from secrets import token_urlsafe

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocxahoi.settings")
    if sys.argv[1:2] == ["demo"]:
        from hocxahoi.demo import set_environment

        set_environment()
    elif sys.argv[1:2] == ["makemigrations"]:
        # It reads the code and serves nobody: no secret of an installation is at stake.
        os.environ.setdefault("SECRET_KEY", token_urlsafe(50))
        os.environ.setdefault("ALLOWED_HOSTS", "localhost")

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
