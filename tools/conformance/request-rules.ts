import type { Section } from "./rule.ts";

/** RFC 9113 sections 8.3.1 to 8.7: requests, responses, pushes and tunnels. */
export const REQUEST_RULES: readonly Section[] = [
  {
    number: "8.3.1",
    title: "Requests",
    rules: [
      {
        level: "MUST NOT",
        rule: "Where there is :authority, a host field does not decide where a request goes.",
        tests: [
          "http/server/messages/incoming > has :authority as Host, in front, in place of a Host that came (RFC 9113 section 8.3.1)",
        ],
      },
      {
        level: "MUST",
        rule: "A request of ours says in :authority for which host it is.",
        tests: [
          "http/client > name the origin, or the host that the caller names",
          "fields/validate-request > or host is there for http and https (RFC 9113 section 8.3.1)",
        ],
      },
      {
        level: "MUST NOT",
        rule: "Where there is no authority to name, :authority is left out, and not empty.",
        tests: [
          "connection/bad-input > cannot go out with :authority that is empty or no host with a port (RFC 9113 section 8.3.1)",
          "connection/bad-input > is malformed with :authority that is empty or no host with a port (RFC 9113 section 8.3.1)",
          "connection/bad-input > may have host in place of :authority (RFC 9113 section 8.3.1), which the application gets as it is",
        ],
      },
      {
        level: "MUST NOT",
        rule: "No request goes out with a host that is not its :authority.",
        tests: [
          "connection/messages > is refused before anything is sent, as a request with a host that is not its :authority",
        ],
      },
      {
        level: "SHOULD",
        rule: "A request whose host is not its :authority is malformed.",
        tests: [
          "connection/bad-requests > costs its stream, and nothing else, with a host that is another (RFC 9113 section 8.3.1)",
          "fields/validate-request > names the host of :authority (RFC 9113 section 8.3.1)",
          "connection/received-heads > and has a host that is not its :authority, costs its stream",
        ],
      },
      {
        level: "MUST",
        rule: "The two are compared as the scheme has it: the case of letters and the scheme's own port make no difference.",
        tests: [
          "connection/bad-requests > may have a host that is the same in other words (RFC 9110 section 4.2.3)",
          "fields/validate-request > is the same in the other case of letters (RFC 9110 section 4.2.3)",
          "fields/validate-request > is the same with the scheme's own port (RFC 9110 section 4.2.3)",
        ],
      },
      {
        level: "MUST NOT",
        rule: ":authority has no user information.",
        tests: [
          "fields/validate-request > has no user information (RFC 9113 section 8.3.1)",
          "connection/bad-requests > costs its stream, and nothing else, with an :authority that is none (RFC 9113 section 8.3.1)",
          "connection/messages > is refused before anything is sent, as a request with user information",
        ],
      },
      {
        level: "MUST NOT",
        rule: ":path is not empty.",
        tests: [
          "connection/bad-requests > costs its stream, and nothing else, with a :path that is no path (RFC 9113 section 8.3.1)",
          "connection/messages > is refused before anything is sent, as a request with an empty :path",
        ],
      },
      {
        level: "MUST",
        rule: "A request has a path of at least a slash, or is OPTIONS with an asterisk.",
        tests: [
          "connection/bad-requests > costs its stream, and nothing else, with a :path that is no path (RFC 9113 section 8.3.1)",
          "fields/validate-request > begins with a slash: a whole URI, a query or a name alone is refused (RFC 9113 section 8.3.1)",
          "fields/validate-request > is an asterisk only for OPTIONS (RFC 9113 section 8.3.1)",
          "connection/messages > may be OPTIONS for the server as a whole",
        ],
      },
      {
        level: "MUST",
        rule: "A request has one valid :method, :scheme and :path each, unless it is CONNECT.",
        tests: [
          "connection/bad-requests > costs its stream, and nothing else, with a pseudo-header field missing (RFC 9113 section 8.3.1)",
          "fields/validate-request > has :method, :scheme and :path (RFC 9113 section 8.3.1)",
          "fields/pseudo-fields > a request may have two (RFC 9113 section 8.3.1)",
          "connection/received-heads > and has no :path, costs its stream",
        ],
      },
    ],
  },
  {
    number: "8.3.2",
    title: "Responses",
    rules: [
      {
        level: "MUST",
        rule: "A response has one :status, an interim one too; without it is malformed.",
        tests: [
          "connection/bad-messages > costs its stream with no :status, or two (RFC 9113 section 8.3.2)",
          "fields/validate-response > has :status (RFC 9113 section 8.3.2)",
          "connection/received-heads > costs its stream where it has no :status",
          "connection/messages > is refused before anything is sent, as a response with no :status",
        ],
      },
    ],
  },
  {
    number: "8.4",
    title: "Server push",
    rules: [
      {
        level: "MUST",
        rule: "Only requests that are safe and cacheable are promised.",
        tests: [
          "connection/push > cannot be for a request that has a method that is not safe, and then no identifier is used up",
        ],
      },
      {
        level: "MUST",
        rule: "A promise of any other request, or of one with content, costs the promised stream, with PROTOCOL_ERROR.",
        tests: [
          "connection/push > costs the promised stream where its request is malformed (section 8.4)",
          "fields/validate-request > has a method that is safe and cacheable (RFC 9113 section 8.4)",
          "fields/validate-request > announces no content (RFC 9113 section 8.4)",
        ],
      },
      {
        level: "MUST",
        rule: "A promise names its :authority.",
        tests: [
          "fields/validate-request > has :authority, which a host field does not replace (RFC 9113 section 8.4)",
        ],
      },
      {
        level: "MUST",
        rule: "A promise for which the server may not speak costs the promised stream, with PROTOCOL_ERROR.",
        tests: [
          "connection/reserved-streams > may be reset where the client finds that the server may not speak for it (section 8.4)",
        ],
        choice:
          "The engine knows no certificates, so its caller decides on PushedStreamReceived. Our own client takes no pushes at all.",
      },
      {
        level: "MUST",
        rule: "PUSH_PROMISE from a client ends the connection with PROTOCOL_ERROR.",
        tests: ["connection/push > costs the connection where a client sends it (section 8.4)"],
      },
    ],
  },
  {
    number: "8.4.1",
    title: "Promises",
    rules: [
      {
        level: "MUST",
        rule: "A promise holds a whole request.",
        tests: [
          "connection/push > cannot be for a request that %s, and then no identifier is used up",
          "fields/pseudo-fields > a promised request may have one (RFC 9113 section 8.4.1)",
        ],
      },
      {
        level: "MUST",
        rule: "A promise that does not costs the promised stream, with PROTOCOL_ERROR.",
        tests: [
          "fields/validate-request > is a whole request without content (RFC 9113 section 8.4.1)",
          "connection/push > costs the promised stream where its request is malformed (section 8.4)",
        ],
      },
      {
        level: "MUST NOT",
        rule: "A client sends no promise.",
        tests: ["connection/push > cannot be sent by a client"],
      },
      {
        level: "MUST",
        rule: "A promise goes on a stream of the client that is open, or half-closed by it.",
        tests: [
          "connection/push > goes on the stream of the request, and the response on the promised one",
          "connection/push > needs a request that the client sent and that is not answered yet",
        ],
      },
    ],
  },
  {
    number: "8.5",
    title: "CONNECT",
    rules: [
      {
        level: "MUST",
        rule: "CONNECT has neither :scheme nor :path.",
        tests: [
          "fields/validate-request > has no :scheme and no :path (RFC 9113 section 8.5)",
          "connection/bad-requests > costs its stream, and nothing else, with CONNECT with too much or too little (RFC 9113 section 8.5)",
          "connection/messages > is refused before anything is sent, as a request with CONNECT with a :path",
        ],
      },
      {
        level: "MUST NOT",
        rule: "On a tunnel nothing goes out but DATA and what manages streams.",
        tests: [
          "connection/tunnels > sends no trailers",
          "connection/push > cannot be made on a tunnel (section 8.5)",
        ],
      },
      {
        level: "MUST",
        rule: "On a tunnel anything else that comes costs the stream.",
        tests: [
          "connection/tunnels > is reset where trailers come, whether they end the stream or not",
          "connection/tunnels > is reset where a promise comes on it, which is refused",
          "connection/tunnels > takes the frames that manage streams",
        ],
        choice: "Frames of unknown types are passed over even here: section 5.5 asks for it on any stream.",
      },
    ],
  },
  {
    number: "8.7",
    title: "Reliability",
    rules: [
      {
        level: "MUST NOT",
        rule: "Nothing is called unprocessed of which the application was told.",
        tests: [
          "connection/received-heads > refuses a request beyond MAX_CONCURRENT_STREAMS, which may be sent again (RFC 9113 section 5.1.2)",
          "connection/error-reports > is the highest request of which the application was told",
          "connection/shutdown > loses no request, whenever the client sends it",
        ],
      },
    ],
  },
];
