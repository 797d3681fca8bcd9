"""The queue in a folder, without its two ways of losing more than a message.

Kombu's own writes a message under the name that its reader looks for: read before it is written
whole, it ends the worker. And a table of queues that was left empty, by a kill or a full disk,
stops every later send and start. A message that is lost costs little: its run is sent again.
"""

import logging
import uuid
from pathlib import Path
from queue import Empty
from time import monotonic

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps

logger = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    def _put(self, queue, payload, **kwargs):
        """Under its name only once it is whole."""
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        path = Path(self.data_folder_out) / name
        begun = path.with_suffix(".part")
        try:
            begun.write_text(dumps(payload))
            begun.rename(path)
        except OSError as error:
            begun.unlink(missing_ok=True)
            raise ChannelError(f"Cannot add file {name!r} to directory") from error

    def _get(self, queue):
        try:
            return super()._get(queue)
        except ValueError:  # of a version before, or what a full disk left of it
            logger.warning("a message of the queue %s cannot be read and is let go", queue)
            raise Empty from None

    def get_table(self, exchange):
        try:
            return super().get_table(exchange)
        except ValueError as error:
            raise ChannelError(f"The table of {exchange!r} cannot be read") from error

    def _queue_bind(self, exchange, routing_key, pattern, queue):
        """Anew, where the table is no table: whoever wrote it was stopped at it."""
        try:
            super()._queue_bind(exchange, routing_key, pattern, queue)
        except ValueError:
            logger.warning("the table of %s cannot be read and is written anew", exchange)
            self._exchange_file(exchange).unlink(missing_ok=True)
            super()._queue_bind(exchange, routing_key, pattern, queue)


class Transport(filesystem.Transport):
    Channel = Channel
