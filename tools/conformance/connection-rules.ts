import type { Section } from "./rule.ts";

/** RFC 9113 sections 9 and 10: connections, TLS and limits. */
export const CONNECTION_RULES: readonly Section[] = [
  {
    number: "9.1",
    title: "Connection management",
    rules: [
      {
        level: "SHOULD NOT",
        rule: "A client opens one connection to a host and port, and not more.",
        tests: [
          "http/client/one-connection > is one connection, however many requests it has at once and one after the other",
        ],
        choice: "One session is one connection, which all its requests share.",
      },
      {
        level: "SHOULD",
        rule: "Whoever closes the transport says GOAWAY first.",
        tests: [
          "node/pump > serves requests that are on their way when it shuts down (RFC 9113 section 6.8)",
          "http/server/server-close > serves requests that were on their way (RFC 9113 section 6.8)",
          "connection/deadlines > is closed gracefully by a server after a minute",
        ],
      },
    ],
  },
  {
    number: "9.1.1",
    title: "Reuse of connections",
    rules: [
      {
        level: "MUST",
        rule: "The certificate must pass for the host that a client asks for.",
        tests: [
          "node/tls-profile > shows the name to the server and checks the certificate against it",
          "node/negotiate-client > fails where the certificate is not trusted",
        ],
      },
    ],
  },
  {
    number: "9.2",
    title: "TLS",
    rules: [
      {
        level: "MUST",
        rule: "HTTP/2 over TLS needs TLS 1.2 or later.",
        tests: [
          "node/tls-profile > refuses TLS 1.1 (RFC 9113 section 9.2)",
          "node/tls-profile > refuses to be told %s together with h2 (RFC 9113 section 9.2)",
          "node/check-tls > is refused for the version %s (RFC 9113 section 9.2)",
        ],
      },
      {
        level: "MUST",
        rule: "Server Name Indication is supported.",
        tests: ["node/tls-profile > shows the name to the server and checks the certificate against it"],
      },
      {
        level: "MUST",
        rule: "A client sends the server's name, if it has one.",
        tests: [
          "node/client-hello > names the host, and the protocols h2 and http/1.1, and never h2c (sections 3.2 and 9.2)",
          "node/tls-profile > sends no server name for the address %s (RFC 6066 section 3)",
        ],
      },
    ],
  },
  {
    number: "9.2.1",
    title: "TLS 1.2: features",
    rules: [
      {
        level: "MUST",
        rule: "TLS does not compress.",
        tests: ["node/client-hello > offers no compression, so that none can be chosen (section 9.2.1)"],
      },
      {
        level: "MUST",
        rule: "There is no renegotiation.",
        tests: [
          "node/tls-profile > refuses renegotiation (RFC 9113 section 9.2.1)",
          "node/tls-profile > refuses renegotiation that the server asks for (RFC 9113 section 9.2.1)",
        ],
      },
      {
        level: "MUST",
        rule: "A renegotiation ends the connection with PROTOCOL_ERROR.",
        tests: [
          "node/pump > answers a TLS renegotiation with PROTOCOL_ERROR (RFC 9113 section 9.2.1)",
          "node/negotiate-server > reports a renegotiation to the owner of the socket (RFC 9113 section 9.2.1)",
        ],
        choice:
          "OpenSSL refuses it by an alert of TLS too; GOAWAY arrives where the transport still takes octets.",
      },
      {
        level: "MUST",
        rule: "Ephemeral keys have at least 2048 bits with DHE and 224 with ECDHE.",
        tests: [
          "node/tls-profile > takes DHE with 2048 bits at least (RFC 9113 section 9.2.1)",
          "node/tls-profile > wants 2048 bits of DHE (RFC 9113 section 9.2.1)",
          "node/tls-profile > takes ECDHE-RSA-AES128-GCM-SHA256 with P-256 (RFC 9113 section 9.2.2)",
        ],
      },
      {
        level: "MUST",
        rule: "A client takes DHE of up to 4096 bits.",
        tests: ["node/client-hello > takes DHE with the group %s of %i bits"],
      },
    ],
  },
  {
    number: "9.2.2",
    title: "TLS 1.2: cipher suites",
    rules: [
      {
        level: "SHOULD NOT",
        rule: "The suites of appendix A are not used.",
        tests: [
          "node/tls-profile > has no cipher in common with a client that offers only prohibited ones (RFC 9113 section 9.2.2)",
          "node/negotiate-client > ends h2 on a prohibited cipher suite with INADEQUATE_SECURITY (RFC 9113 section 9.2.2)",
          "node/negotiate-server > ends h2 on a prohibited cipher suite with INADEQUATE_SECURITY (RFC 9113 section 9.2.2)",
        ],
        choice: "allowInadequateSecurity lets them pass, for who must talk to such a peer.",
      },
      {
        level: "MUST NOT",
        rule: "INADEQUATE_SECURITY never answers a suite that is not in appendix A.",
        tests: [
          "node/prohibited-suites > leave %s alone",
          "node/prohibited-suites > leave a suite alone that is not listed, however weak (RFC 9113 section 9.2.2)",
          "node/check-tls > may be TLS 1.2 with a suite that nobody has heard of (RFC 9113 section 9.2.2)",
        ],
      },
      {
        level: "MUST",
        rule: "ECDHE-RSA-AES128-GCM-SHA256 with P-256 is supported.",
        tests: ["node/tls-profile > takes ECDHE-RSA-AES128-GCM-SHA256 with P-256 (RFC 9113 section 9.2.2)"],
      },
    ],
  },
  {
    number: "9.2.3",
    title: "TLS 1.3",
    rules: [
      {
        level: "MUST NOT",
        rule: "No server asks for a certificate behind the handshake, and no client answers one that does.",
        tests: [
          "node/client-hello > offers no authentication behind the handshake, so that no server may ask for it (section 9.2.3)",
        ],
        choice:
          "Our client does not offer it, so TLS itself ends the connection of a server that asks. Node has no call by which our server could ask.",
      },
    ],
  },
  {
    number: "10.3",
    title: "Fields on their way to HTTP/1.1",
    rules: [
      {
        level: "MUST",
        rule: "Fields are checked before they get where other delimiters count.",
        tests: [
          "connection/traps > by a value like %j",
          "connection/traps > by a name like %j",
          "connection/messages > is not told at all where it is malformed, nor is what belongs to it",
        ],
      },
    ],
  },
  {
    number: "10.5",
    title: "Denial of service",
    rules: [
      {
        level: "SHOULD",
        rule: "A client bounds the promises that wait.",
        tests: ["connection/floods > bound the promises that wait for their response"],
      },
      {
        level: "SHOULD",
        rule: "What costs us and not the peer is counted, and has a limit.",
        tests: [
          "connection/floods > are borne up to the burst, and end the connection beyond it",
          "connection/floods > of %s are made up to the limit, and end the connection beyond it",
          "connection/floods > bound the entries of SETTINGS",
          "connection/floods > bound WINDOW_UPDATE: two for each stream and twenty for each DATA frame are fine, and some more",
        ],
        choice: "Beyond a limit the connection ends with ENHANCE_YOUR_CALM, and the event names the limit.",
      },
    ],
  },
  {
    number: "10.5.1",
    title: "Limits on field blocks",
    rules: [
      {
        level: "MUST",
        rule: "A block that is too large is processed as far as the tables go, or the connection ends.",
        tests: [
          "connection/received-heads > keeps decoding where a request is too large, so that the next one is right (section 4.3)",
          "connection/received-heads > ends the connection at twice the size: nobody needs that (section 10.5.1)",
        ],
        choice:
          "ENHANCE_YOUR_CALM for the stream, and for the connection at twice the announced size; no status 431.",
      },
    ],
  },
];
