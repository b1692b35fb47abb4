/**
 * The part that a field name plays. PLAIN is the common one: nothing but the octets of such a field matters here.
 * Numbers from FIRST_PSEUDO_FIELD on are pseudo-header fields.
 */
export const KnownField = {
  PLAIN: 1,
  /** Has no meaning behind the content: framing, routing, request modifiers (RFC 9110 section 6.5.1). */
  HEAD_ONLY: 2,
  /** As HEAD_ONLY, and a secret: never indexed when it is sent. */
  CREDENTIALS: 3,
  COOKIE: 4,
  HOST: 5,
  CONTENT_LENGTH: 6,
  TE: 7,
  PRIORITY: 8,
  /** Belongs to one HTTP/1.1 connection, by RFC 7540 section 3.2.1; RFC 9113 does not name it. */
  HTTP2_SETTINGS: 9,
  /** Belongs to one HTTP/1.1 connection (RFC 9113 section 8.2.2). */
  CONNECTION_SPECIFIC: 10,
  METHOD: 16,
  SCHEME: 17,
  AUTHORITY: 18,
  PATH: 19,
  PROTOCOL: 20,
  STATUS: 21,
  UNKNOWN_PSEUDO: 22,
} as const;

export const FIRST_PSEUDO_FIELD = 16;

/** Names with a part of their own. */
const SPECIAL_NAMES: readonly (readonly [number, string])[] = [
  [KnownField.METHOD, ":method"],
  [KnownField.SCHEME, ":scheme"],
  [KnownField.AUTHORITY, ":authority"],
  [KnownField.PATH, ":path"],
  [KnownField.PROTOCOL, ":protocol"],
  [KnownField.STATUS, ":status"],
  [KnownField.HEAD_ONLY, "content-encoding content-range expect max-forwards range"],
  [KnownField.CREDENTIALS, "authorization proxy-authorization"],
  [KnownField.COOKIE, "cookie"],
  [KnownField.HOST, "host"],
  [KnownField.CONTENT_LENGTH, "content-length"],
  [KnownField.TE, "te"],
  [KnownField.PRIORITY, "priority"],
  [KnownField.HTTP2_SETTINGS, "http2-settings"],
  [KnownField.CONNECTION_SPECIFIC, "connection keep-alive proxy-connection transfer-encoding upgrade"],
];

/** Frequent names, listed only so that their octets need no look: the map answers for them. */
const PLAIN_NAMES = `
  accept accept-charset accept-encoding accept-language accept-patch accept-post accept-ranges
  access-control-allow-credentials access-control-allow-headers access-control-allow-methods
  access-control-allow-origin access-control-expose-headers access-control-max-age
  access-control-request-headers access-control-request-method age allow alt-svc alt-used baggage
  cache-control cdn-cache-control content-disposition content-language content-location
  content-security-policy content-type cross-origin-embedder-policy cross-origin-opener-policy
  cross-origin-resource-policy date dnt early-data etag expires forwarded from grpc-accept-encoding
  grpc-encoding grpc-message grpc-status grpc-status-details-bin grpc-timeout if-match if-modified-since
  if-none-match if-range if-unmodified-since last-event-id last-modified link location nel origin
  permissions-policy pragma prefer proxy-authenticate referer referrer-policy refresh report-to
  reporting-endpoints retry-after sec-ch-ua sec-ch-ua-mobile sec-ch-ua-platform sec-fetch-dest
  sec-fetch-mode sec-fetch-site sec-fetch-user sec-websocket-extensions sec-websocket-key
  sec-websocket-protocol sec-websocket-version server server-timing set-cookie sourcemap
  strict-transport-security timing-allow-origin traceparent tracestate upgrade-insecure-requests user-agent
  vary via warning www-authenticate x-cache x-content-type-options x-correlation-id x-csrf-token
  x-dns-prefetch-control x-forwarded-for x-forwarded-host x-forwarded-proto x-frame-options x-powered-by
  x-real-ip x-request-id x-requested-with x-xss-protection`;

/** From a name to the part it plays. A name found here is well formed and in lower case. */
export const KNOWN_FIELDS: ReadonlyMap<string, number> = knownFields();

function knownFields(): Map<string, number> {
  const fields = new Map<string, number>();
  for (const name of PLAIN_NAMES.trim().split(/\s+/)) fields.set(name, KnownField.PLAIN);
  for (const [known, names] of SPECIAL_NAMES) {
    for (const name of names.split(" ")) fields.set(name, known);
  }
  return fields;
}
