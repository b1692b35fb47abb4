/**
 * What RFC 9113 section 9.2 asks of TLS, as options for `node:tls`. Compression needs no option: the OpenSSL of
 * Node is built without.
 */
import { constants } from "node:crypto";
import { isIP } from "node:net";
import type { ConnectionOptions, TlsOptions } from "node:tls";

/** Identifiers that may be negotiated by ALPN. `h2c` must not (RFC 9113 section 3.2). */
export type AlpnProtocol = "h2" | "http/1.1";

const TLS13_SUITES = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"];

/** Forward secrecy and authenticated encryption; ECDHE-RSA-AES128-GCM-SHA256 must be among them (section 9.2.2). */
const TLS12_SUITES = [
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
  "DHE-RSA-AES128-GCM-SHA256",
  "DHE-RSA-AES256-GCM-SHA384",
  "DHE-RSA-CHACHA20-POLY1305",
];

const CIPHERS = [...TLS13_SUITES, ...TLS12_SUITES].join(":");
const VERSIONS_TOO_OLD: readonly (string | undefined)[] = ["TLSv1", "TLSv1.1"];
const HANDSHAKE_TIMEOUT = 10_000;
const SMALLEST_DH_SIZE = 2048;

export interface TlsServerProfile extends TlsOptions {
  /** What may be negotiated, the preferred one first: `h2` and `http/1.1` unless given. */
  readonly protocols?: readonly AlpnProtocol[];
}

export interface TlsClientProfile extends ConnectionOptions {
  /** Host name or IP address, an IPv6 address with or without brackets. */
  readonly host: string;
  /** What may be negotiated, the preferred one first: `h2` and `http/1.1` unless given. */
  readonly protocols?: readonly AlpnProtocol[];
}

/**
 * Options for `tls.createServer` or `https.createServer`. What the caller gives goes before the profile;
 * renegotiation stays off.
 *
 * @throws TypeError when the caller's options break the rules of HTTP/2: a version before TLS 1.2 with `h2`, or
 * `h2c` for ALPN.
 */
export function tlsServerOptions(options: TlsServerProfile = {}): TlsOptions {
  const { protocols, ...given } = options;
  const own = withoutUndefined(given);
  const result: TlsOptions = {
    ...commonOptions(own, protocols),
    // Without this OpenSSL offers no DHE; with it the size follows the certificate's key.
    dhparam: "auto",
    handshakeTimeout: HANDSHAKE_TIMEOUT,
    ...own,
    secureOptions: withoutRenegotiation(own.secureOptions),
  };
  if (own.SNICallback !== undefined) result.SNICallback = guarded(own.SNICallback);
  checkOptions(result);
  return result;
}

/**
 * Options for `tls.connect`. What the caller gives goes before the profile; renegotiation stays off.
 *
 * The server name is sent for names and never for addresses (RFC 9113 section 9.2, RFC 6066 section 3).
 *
 * @throws TypeError when the caller's options break the rules of HTTP/2: a version before TLS 1.2 with `h2`, or
 * `h2c` for ALPN.
 */
export function tlsClientOptions(options: TlsClientProfile): ConnectionOptions {
  const { protocols, ...given } = options;
  const own = withoutUndefined(given);
  const host = withoutBrackets(own.host);
  const result: ConnectionOptions = {
    ...commonOptions(own, protocols),
    minDHSize: SMALLEST_DH_SIZE,
    ...own,
    host,
    servername: serverName(withoutBrackets(own.servername ?? host)),
    secureOptions: withoutRenegotiation(own.secureOptions),
  };
  checkOptions(result);
  return result;
}

interface CommonOptions {
  readonly ALPNProtocols?: string[];
  readonly ciphers: string;
  readonly minVersion: "TLSv1.2";
}

function commonOptions(
  own: TlsOptions | ConnectionOptions,
  protocols: readonly AlpnProtocol[] = ["h2", "http/1.1"],
): CommonOptions {
  const common: CommonOptions = { ciphers: CIPHERS, minVersion: "TLSv1.2" };
  // Node refuses a list beside a callback.
  const chosenByCallback = "ALPNCallback" in own && own.ALPNCallback !== undefined;
  return chosenByCallback ? common : { ...common, ALPNProtocols: [...protocols] };
}

/** OpenSSL then refuses renegotiation by itself, on the client too, where `disableRenegotiation()` does nothing. */
function withoutRenegotiation(secureOptions: number = 0): number {
  return (secureOptions | constants.SSL_OP_NO_RENEGOTIATION) >>> 0;
}

/** URLs write IPv6 addresses in brackets, `node:net` does not. */
function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1");
}

/** The name for SNI: without the final dot of an absolute name, and empty, which sends none, for an address. */
function serverName(host: string): string {
  return isIP(host) === 0 ? host.replace(/\.$/, "") : "";
}

/** An option that is there but undefined must not push the profile's value aside. */
function withoutUndefined<Options extends object>(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options;
}

/** A callback that throws fails one handshake instead of the process. */
function guarded(callback: NonNullable<TlsOptions["SNICallback"]>): NonNullable<TlsOptions["SNICallback"]> {
  return (serverName, done) => {
    try {
      callback(serverName, done);
    } catch (error) {
      done(error as Error);
    }
  };
}

function checkOptions(options: TlsOptions | ConnectionOptions): void {
  const protocols = options.ALPNProtocols;
  if (!Array.isArray(protocols)) return;
  if (protocols.includes("h2c")) {
    throw new TypeError("h2c must not be negotiated by ALPN (RFC 9113 section 3.2)");
  }
  if (protocols.includes("h2") && VERSIONS_TOO_OLD.includes(options.minVersion)) {
    throw new TypeError(`h2 needs TLS 1.2 or later, not ${options.minVersion} (RFC 9113 section 9.2)`);
  }
}
