"""Runs connections of Python's h2 for the test that drives them: a JSON request a line, a JSON answer a line.

Request:  {"connection": number, "open": {"client": bool}}
          {"connection": number, "calls": [[name, [arguments], {options}], ...], "receive": octets}
Answer:   {"results": [...], "events": [...], "output": octets}, or {"failure": text}

Octets travel as hexadecimal digits, names and values of fields as text with one character an octet.
"""

import json
import sys
import traceback

from h2.config import H2Configuration
from h2.connection import H2Connection
from hpack import HeaderTuple, NeverIndexedHeaderTuple

LIST_OF_FIELDS = {"send_headers": 1, "push_stream": 2}
OCTETS = {"send_data": 1, "ping": 0}


def octets(text):
    return text.encode("latin-1")


def text(octets_):
    return octets_.decode("latin-1")


def field(triple):
    name, value, sensitive = triple
    kind = NeverIndexedHeaderTuple if sensitive else HeaderTuple
    return kind(octets(name), octets(value))


def run(connection, name, arguments, options):
    """Calls a method, or reads a property."""
    member = getattr(connection, name)
    if not callable(member):
        return member
    if name in LIST_OF_FIELDS:
        place = LIST_OF_FIELDS[name]
        arguments[place] = [field(triple) for triple in arguments[place]]
    if name in OCTETS:
        place = OCTETS[name]
        arguments[place] = bytes.fromhex(arguments[place])
    if name == "update_settings":
        arguments = [{int(key): value for key, value in arguments[0].items()}]
    if name == "advertise_alternative_service":
        arguments = [octets(arguments[0])]
        if "origin" in options:
            options["origin"] = octets(options["origin"])
    if name == "close_connection":
        options["additional_data"] = bytes.fromhex(options["additional_data"])
    return member(*arguments, **options)


def told(event):
    """An event as a list: its name, then what it says."""
    name = type(event).__name__
    if name == "ConnectionTerminated":
        data = event.additional_data
        return [name, int(event.error_code), event.last_stream_id, data.hex() if data else ""]
    if name in ("RemoteSettingsChanged", "SettingsAcknowledged"):
        changes = event.changed_settings.values()
        return [name, sorted([int(c.setting), c.original_value, c.new_value] for c in changes)]
    if name == "PushedStreamReceived":
        return [name, event.pushed_stream_id, event.parent_stream_id, fields(event.headers)]
    if name == "UnknownFrameReceived":
        frame = event.frame
        return [name, frame.type, frame.flag_byte, frame.stream_id, frame.body.hex()]
    if name in ("PingReceived", "PingAckReceived"):
        return [name, event.ping_data.hex()]
    if name == "AlternativeServiceAvailable":
        return [name, text(event.origin), text(event.field_value)]
    return [name, event.stream_id, *ABOUT_STREAMS[name](event)]


ABOUT_STREAMS = {
    "RequestReceived": lambda event: head(event),
    "ResponseReceived": lambda event: head(event),
    "TrailersReceived": lambda event: head(event),
    "InformationalResponseReceived": lambda event: [fields(event.headers)],
    "DataReceived": lambda event: [
        event.data.hex(),
        event.flow_controlled_length,
        event.stream_ended is not None,
    ],
    "WindowUpdated": lambda event: [event.delta],
    "StreamEnded": lambda event: [],
    "StreamReset": lambda event: [int(event.error_code), event.remote_reset],
    "PriorityUpdated": lambda event: [event.weight, event.depends_on, bool(event.exclusive)],
}


def head(event):
    return [fields(event.headers), event.stream_ended is not None, event.priority_updated is not None]


def fields(headers):
    return [[text(header[0]), text(header[1]), not header.indexable] for header in headers]


def answer(connections, request):
    number = request["connection"]
    if "open" in request:
        connections[number] = H2Connection(H2Configuration(client_side=request["open"]["client"]))
        connections[number].initiate_connection()
    connection = connections[number]
    results = [run(connection, *call) for call in request.get("calls", [])]
    received = bytes.fromhex(request.get("receive", ""))
    events = connection.receive_data(received) if received else []
    output = connection.data_to_send()
    return {"results": results, "events": [told(event) for event in events], "output": output.hex()}


def main():
    connections = {}
    for line in sys.stdin:
        try:
            reply = answer(connections, json.loads(line))
        except Exception:
            reply = {"failure": traceback.format_exc()}
        print(json.dumps(reply), flush=True)


main()
