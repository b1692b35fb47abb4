import { isProhibitedSuite } from "./prohibited-suites.ts";

/** The part of a TLS socket that tells how it is protected. */
export interface ProtectedSocket {
  getProtocol(): string | null;
  getCipher(): { readonly standardName: string };
}

export type TlsVerdict =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** The rule that is not met, in one sentence without a full stop. */
      readonly reason: string;
      /** Where the rule stands. */
      readonly section: string;
    };

const PERMITTED_VERSIONS = ["TLSv1.2", "TLSv1.3"];

/**
 * Whether HTTP/2 may run over this connection (RFC 9113 section 9.2). Ask when the handshake is over.
 *
 * Renegotiation and compression are not asked about: the profile rules them out beforehand.
 */
export function checkTls(socket: ProtectedSocket): TlsVerdict {
  const version = socket.getProtocol() ?? "no version known";
  if (!PERMITTED_VERSIONS.includes(version)) {
    return failed(`HTTP/2 needs TLS 1.2 or later, not ${version}`, "RFC 9113 section 9.2");
  }
  const suite = socket.getCipher().standardName;
  // TLS 1.3 has suites of its own, all of them permitted.
  if (version === "TLSv1.2" && isProhibitedSuite(suite)) {
    return failed(`HTTP/2 must not use the cipher suite ${suite}`, "RFC 9113 section 9.2.2");
  }
  return { ok: true };
}

function failed(reason: string, section: string): TlsVerdict {
  return { ok: false, reason, section };
}
