"""What Python's websockets makes of streams of frames.

Reads one JSON object a line: {"sender": "client" | "server", "deflate": bool, "forgets": bool (the sender's context
is not taken over), "maxLength": int, "chunks": [hex, ...]}.
Writes for each what the endpoint was told, and the code it failed the connection with, if it did.
"""

import json
import logging
import sys

try:
    from websockets.connection import CLIENT, OPEN, SERVER, Connection
except ImportError:
    from websockets.protocol import CLIENT, OPEN, SERVER
    from websockets.protocol import Protocol as Connection
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.frames import Close, Opcode

QUIET = logging.getLogger("quiet")
QUIET.addHandler(logging.NullHandler())
QUIET.propagate = False


class Reader:
    """Puts frames together to messages, which the library leaves to a layer above."""

    def __init__(self):
        self.told = []
        self.kind = None
        self.parts = b""

    def frame(self, frame):
        """Returns False when the text of a message is not UTF-8."""
        if frame.opcode in (Opcode.PING, Opcode.PONG):
            self.told.append(f"{frame.opcode.name.lower()} {bytes(frame.data).hex()}")
        elif frame.opcode is Opcode.CLOSE:
            close = Close.parse(frame.data)
            self.told.append(f"close {int(close.code)} {close.reason}")
        else:
            if frame.opcode is not Opcode.CONT:
                self.kind = frame.opcode.name.lower()
                self.parts = b""
            self.parts += frame.data
            if frame.fin:
                if self.kind == "text":
                    try:
                        self.parts.decode("utf-8")
                    except UnicodeDecodeError:
                        return False
                self.told.append(f"{self.kind} {self.parts.hex()}")
        return True


def verdict(case):
    side = SERVER if case["sender"] == "client" else CLIENT
    connection = Connection(side, state=OPEN, max_size=case["maxLength"], logger=QUIET)
    if case["deflate"]:
        connection.extensions = [PerMessageDeflate(case["forgets"], False, 15, 15)]
    reader = Reader()
    for chunk in case["chunks"]:
        connection.receive_data(bytes.fromhex(chunk))
        for frame in connection.events_received():
            if not reader.frame(frame):
                return {"events": reader.told, "failure": 1007}
        if connection.parser_exc is not None:
            return {"events": reader.told, "failure": int(connection.close_sent.code)}
        if connection.close_rcvd is not None:
            break
    return {"events": reader.told}


for line in sys.stdin:
    print(json.dumps(verdict(json.loads(line))))
