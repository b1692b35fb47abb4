/**
 * How to agree on a protocol:
 * - `auto`: `alpn` for https, `http/1.1` for http, where nothing tells what the server speaks;
 * - `alpn`: the server chooses HTTP/2 or HTTP/1.1 in the TLS handshake (RFC 7301);
 * - `upgrade`: the first request is HTTP/1.1 and offers h2c (RFC 7540 section 3.2); not for https;
 * - `prior-knowledge`: HTTP/2 from the first octet (RFC 9113 section 3.3); not for https;
 * - `http/1.1`: nothing else is offered.
 */
export type Negotiation = "auto" | "alpn" | "upgrade" | "prior-knowledge" | "http/1.1";
