"""Files in an S3-compatible store, which web and worker processes of several machines share."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage


class Bucket(S3Storage):
    """Fails as a disk fails, with OSError: no other code need know where files lie."""

    def get_default_settings(self):
        return super().get_default_settings() | {
            "file_overwrite": False,
            "max_memory_size": 1024 * 1024,  # beyond, what is read lies on disk meanwhile
            "client_config": Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},  # few stores but Amazon's name a host by bucket
                connect_timeout=5,
                read_timeout=30,
                retries={"max_attempts": 2, "mode": "standard"},
            ),
        }

    def _open(self, name, mode="rb"):
        with _as_disk(name):
            opened = super()._open(name, mode)
            opened.file  # noqa: B018  fetched now: half-sent answers tell nobody anything
            return opened

    def _save(self, name, content):
        with _as_disk(name):
            return super()._save(name, content)

    def delete(self, name):
        with _as_disk(name):
            super().delete(name)

    def exists(self, name):
        with _as_disk(name):
            return super().exists(name)

    def size(self, name):
        with _as_disk(name):
            return super().size(name)

    def get_modified_time(self, name):
        with _as_disk(name):
            return super().get_modified_time(name)

    def listdir(self, name):
        with _as_disk(name):
            return super().listdir(name)


@contextmanager
def _as_disk(name: str) -> Iterator[None]:
    try:
        yield
    except (Boto3Error, BotoCoreError, ClientError) as error:
        raise OSError(errno.EIO, f"kho S3 không trả lời: {error}", name) from error
