"""A server on Python's h2, for our client: prior knowledge, Upgrade and HTTP/1.1 on one port, ALPN on the other.

It serves the files of a directory, sends back what is posted to /echo, and answers everything else
with a JSON account of the request.
"""

import argparse
import hashlib
import json
import pathlib
import socket
import ssl
import threading

import h2.config
import h2.connection
import h2.events
import h2.exceptions

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
OPTIONS = argparse.Namespace()


class Request:
    def __init__(self, method, path, fields):
        self.method = method
        self.path = path
        self.fields = fields
        self.body = bytearray()


def answer(request, way):
    """The status, fields and body for a request, whatever the HTTP version."""
    if request.method == "POST" and request.path == "/echo":
        return 200, [("content-type", "application/octet-stream")], bytes(request.body)
    file = pathlib.Path(OPTIONS.directory, request.path.lstrip("/"))
    if request.method in ("GET", "HEAD") and file.is_file():
        return 200, [("content-type", "application/octet-stream")], file.read_bytes()
    account = {
        "way": way,
        "method": request.method,
        "path": request.path,
        "headers": request.fields,
        "bodyLength": len(request.body),
        "sha256": hashlib.sha256(request.body).hexdigest(),
    }
    return 200, [("content-type", "application/json")], json.dumps(account).encode()


class Http2Session:
    """One HTTP/2 connection, on a socket that has been agreed on already."""

    def __init__(self, sock, way):
        self.sock = sock
        self.way = way
        self.requests = {}
        self.unsent = {}
        self.connection = h2.connection.H2Connection(
            h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
        )

    def start(self):
        self.connection.initiate_connection()
        self.flush()

    def start_upgraded(self, settings, request):
        """The request that asked for the Upgrade is stream 1, and has come to its end."""
        self.connection.initiate_upgrade_connection(settings)
        self.flush()
        self.requests[1] = request
        self.respond(1)

    def run(self, octets):
        while octets:
            try:
                events = self.connection.receive_data(octets)
            except h2.exceptions.ProtocolError as error:
                print("protocol error:", error, flush=True)
                self.flush()
                return
            for event in events:
                self.handle(event)
            self.flush()
            octets = self.sock.recv(65536)

    def handle(self, event):
        if OPTIONS.verbose:
            print(self.way, type(event).__name__, flush=True)
        if isinstance(event, h2.events.RequestReceived):
            fields = [list(field) for field in event.headers]
            pseudo = dict(fields)
            self.requests[event.stream_id] = Request(pseudo[":method"], pseudo[":path"], fields)
        elif isinstance(event, h2.events.DataReceived):
            self.requests[event.stream_id].body += event.data
            if event.flow_controlled_length:
                self.connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            self.respond(event.stream_id)
        elif isinstance(event, h2.events.StreamReset):
            self.requests.pop(event.stream_id, None)
            self.unsent.pop(event.stream_id, None)
        elif isinstance(event, (h2.events.WindowUpdated, h2.events.RemoteSettingsChanged)):
            self.send_bodies()

    def respond(self, stream_id):
        request = self.requests.pop(stream_id)
        status, fields, body = answer(request, self.way)
        headers = [(":status", str(status)), ("content-length", str(len(body))), *fields]
        without_body = request.method == "HEAD" or not body
        self.connection.send_headers(stream_id, headers, end_stream=without_body)
        if not without_body:
            self.unsent[stream_id] = memoryview(body)
            self.send_bodies()

    def send_bodies(self):
        for stream_id in list(self.unsent):
            self.send_body(stream_id)

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

    def flush(self):
        self.sock.sendall(self.connection.data_to_send())


class Reader:
    """HTTP/1.1 as far as an Upgrade and the answers without one need it."""

    def __init__(self, sock):
        self.sock = sock
        self.octets = b""

    def fill(self):
        more = self.sock.recv(65536)
        self.octets += more
        return bool(more)

    def until(self, mark):
        while mark not in self.octets:
            if not self.fill():
                raise ConnectionError("the client left")
        found, self.octets = self.octets.split(mark, 1)
        return found

    def exactly(self, size):
        chunks, missing = [], size
        while missing:
            if not self.octets and not self.fill():
                raise ConnectionError("the client left")
            chunk, self.octets = self.octets[:missing], self.octets[missing:]
            chunks.append(chunk)
            missing -= len(chunk)
        return b"".join(chunks)

    def has_preface(self):
        while len(self.octets) < len(PREFACE) and PREFACE.startswith(self.octets):
            if not self.fill():
                return False
        return self.octets.startswith(PREFACE)

    def request(self):
        first, *lines = self.until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        method, path, _version = first.split(" ")
        fields = [[part.strip() for part in line.split(":", 1)] for line in lines]
        request = Request(method, path, [[name.lower(), value] for name, value in fields])
        self.read_body(request)
        return request

    def read_body(self, request):
        fields = dict(request.fields)
        if fields.get("expect", "").lower() == "100-continue":
            self.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        if fields.get("transfer-encoding", "").lower() == "chunked":
            while size := int(self.until(b"\r\n"), 16):
                request.body += self.exactly(size)
                self.exactly(2)
            self.until(b"\r\n")
        else:
            request.body += self.exactly(int(fields.get("content-length", "0")))


def send_http1_answer(sock, request, way):
    status, fields, body = answer(request, way)
    fields = [*fields, ("content-length", str(len(body))), ("connection", "close")]
    head = "".join(f"{name}: {value}\r\n" for name, value in fields)
    sock.sendall(f"HTTP/1.1 {status} OK\r\n{head}\r\n".encode())
    if request.method != "HEAD":
        sock.sendall(body)


def serve_cleartext(sock):
    reader = Reader(sock)
    if reader.has_preface():
        session = Http2Session(sock, "prior-knowledge")
        session.start()
        session.run(reader.octets)
        return
    request = reader.request()
    fields = dict(request.fields)
    if fields.get("upgrade") == "h2c" and "http2-settings" in fields and not OPTIONS.no_upgrade:
        sock.sendall(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
        session = Http2Session(sock, "upgrade")
        session.start_upgraded(fields["http2-settings"], request)
        session.run(reader.octets or sock.recv(65536))
    else:
        send_http1_answer(sock, request, "http/1.1")


def serve_tls(sock, context):
    with context.wrap_socket(sock, server_side=True) as secure:
        if secure.selected_alpn_protocol() == "h2":
            session = Http2Session(secure, "alpn")
            session.start()
            session.run(secure.recv(65536))
        else:
            send_http1_answer(secure, Reader(secure).request(), "http/1.1")


def guard(serve, sock, *more):
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        with sock:
            serve(sock, *more)
    except (ConnectionError, ssl.SSLError) as error:
        print("connection lost:", error, flush=True)


def accept_forever(listener, serve, *more):
    while True:
        sock, _address = listener.accept()
        threading.Thread(target=guard, args=(serve, sock, *more), daemon=True).start()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--directory", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--tls-port", type=int, required=True)
    parser.add_argument("--cert", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--no-upgrade", action="store_true", help="answers a request for Upgrade in HTTP/1.1")
    parser.add_argument("--verbose", action="store_true", help="prints the name of each event")
    parser.parse_args(namespace=OPTIONS)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(OPTIONS.cert, OPTIONS.key)
    context.set_alpn_protocols(["h2", "http/1.1"])
    cleartext = socket.create_server(("127.0.0.1", OPTIONS.port), backlog=128)
    secure = socket.create_server(("127.0.0.1", OPTIONS.tls_port), backlog=128)
    threading.Thread(target=accept_forever, args=(cleartext, serve_cleartext), daemon=True).start()
    accept_forever(secure, serve_tls, context)


if __name__ == "__main__":
    main()
