"""A client on Python's h2, for our server. Prints what it saw as one JSON object.

h2_client.py WAY HOST PORT PATH [METHOD [BODY_SIZE [REQUESTS]]] with WAY alpn, upgrade or prior.
All requests go over one connection: those after an Upgrade's first one, or all of them, at once.
The octets of a body are their own index modulo 251.
"""

import collections
import hashlib
import json
import socket
import ssl
import sys

import h2.config
import h2.connection
import h2.events


class Response:
    def __init__(self):
        self.headers = []
        self.body = bytearray()

    def account(self, stream_id):
        return {
            "streamId": stream_id,
            "status": int(dict(self.headers).get(":status", 0)),
            "headers": self.headers,
            "bodyLength": len(self.body),
            "sha256": hashlib.sha256(self.body).hexdigest(),
            "text": self.body[:4096].decode("utf-8", "replace"),
        }


class Client:
    def __init__(self, sock, authority, scheme, path, method, body):
        self.sock = sock
        self.authority = authority
        self.scheme = scheme
        self.path = path
        self.method = method
        self.body = body
        self.events = collections.Counter()
        self.responses = {}
        self.unsent = {}
        self.open = set()
        self.waiting = 0
        self.failure = None
        config = h2.config.H2Configuration(client_side=True, header_encoding="utf-8")
        self.connection = h2.connection.H2Connection(config)

    def upgrade(self):
        """Asks for the Upgrade and gives the status line and the octets that came after the response head."""
        settings = self.connection.initiate_upgrade_connection().decode()
        head = (
            f"{self.method} {self.path} HTTP/1.1\r\nHost: {self.authority}\r\n"
            f"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: {settings}\r\n"
        )
        if self.body:
            head += f"Content-Length: {len(self.body)}\r\n"
        self.sock.sendall(head.encode() + b"\r\n" + self.body)
        octets = b""
        while b"\r\n\r\n" not in octets:
            more = self.sock.recv(65536)
            if not more:
                raise ConnectionError("the server left before it answered the request for Upgrade")
            octets += more
        head, rest = octets.split(b"\r\n\r\n", 1)
        return head.split(b"\r\n")[0].decode(), rest

    def run(self, requests, octets, upgraded):
        if upgraded:
            self.open.add(1)
            self.responses[1] = Response()
        else:
            self.connection.initiate_connection()
        self.waiting = requests - len(self.open)
        self.send()
        while (self.open or self.waiting) and self.failure is None:
            octets = octets or self.sock.recv(65536)
            if not octets:
                self.failure = "the server closed the connection"
                return
            for event in self.connection.receive_data(octets):
                self.handle(event)
            octets = b""
            self.send()
        self.connection.close_connection()
        self.send()

    def handle(self, event):
        self.events[type(event).__name__] += 1
        if isinstance(event, h2.events.ResponseReceived):
            self.responses[event.stream_id].headers = [list(field) for field in event.headers]
        elif isinstance(event, h2.events.DataReceived):
            self.responses[event.stream_id].body += event.data
            if event.flow_controlled_length:
                self.connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            self.open.discard(event.stream_id)
        elif isinstance(event, h2.events.StreamReset):
            self.failure = f"stream {event.stream_id} was reset with {event.error_code!r}"
        elif isinstance(event, h2.events.ConnectionTerminated):
            self.failure = f"the server sent GOAWAY with {event.error_code!r}"

    def send(self):
        while self.waiting and self.has_room():
            self.waiting -= 1
            self.send_request()
        for stream_id in list(self.unsent):
            self.send_body(stream_id)
        self.sock.sendall(self.connection.data_to_send())

    def has_room(self):
        """Before the server's SETTINGS have come, at most one request is under way."""
        if not self.events["RemoteSettingsChanged"]:
            return not self.open
        limit = self.connection.remote_settings.max_concurrent_streams
        return len(self.open) < min(limit, 100)

    def send_request(self):
        stream_id = self.connection.get_next_available_stream_id()
        headers = [
            (":method", self.method),
            (":scheme", self.scheme),
            (":authority", self.authority),
            (":path", self.path),
            ("user-agent", "python-h2"),
        ]
        if self.body:
            headers.append(("content-length", str(len(self.body))))
            self.unsent[stream_id] = memoryview(self.body)
        self.open.add(stream_id)
        self.responses[stream_id] = Response()
        self.connection.send_headers(stream_id, headers, end_stream=not self.body)

    def send_body(self, stream_id):
        body = self.unsent[stream_id]
        while body:
            size = min(
                len(body),
                self.connection.local_flow_control_window(stream_id),
                self.connection.max_outbound_frame_size,
            )
            if size <= 0:
                self.unsent[stream_id] = body
                return
            self.connection.send_data(stream_id, body[:size].tobytes(), end_stream=size == len(body))
            body = body[size:]
        del self.unsent[stream_id]


def connect(way, host, port):
    sock = socket.create_connection((host, port), timeout=20)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if way != "alpn":
        return sock, None
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["h2", "http/1.1"])
    secure = context.wrap_socket(sock, server_hostname=host)
    return secure, secure.selected_alpn_protocol()


def main():
    way, host, port, path, *more = sys.argv[1:]
    method = more[0] if more else "GET"
    size = int(more[1]) if len(more) > 1 else 0
    requests = int(more[2]) if len(more) > 2 else 1
    body = bytes(index % 251 for index in range(size))
    sock, alpn = connect(way, host, int(port))
    scheme = "https" if way == "alpn" else "http"
    client = Client(sock, f"{host}:{port}", scheme, path, method, body)
    status_line, rest = client.upgrade() if way == "upgrade" else (None, b"")
    if status_line is not None and " 101 " not in status_line:
        client.failure = f"no Upgrade, but: {status_line}"
    elif way == "alpn" and alpn != "h2":
        client.failure = f"ALPN chose {alpn}"
    else:
        client.run(requests, rest, upgraded=way == "upgrade")
    result = {
        "way": way,
        "alpn": alpn,
        "statusLine": status_line,
        "failure": client.failure,
        "events": client.events,
        "responses": [response.account(stream_id) for stream_id, response in client.responses.items()],
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
