import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";

export interface TlsInfo {
  /** Such as "TLSv1.3". */
  readonly version: string;
  /** The cipher suite by its IANA name, such as "TLS_AES_128_GCM_SHA256". */
  readonly cipher: string;
}

/** What TLS agreed on, or null for cleartext. */
export function tlsInfo(socket: Duplex): TlsInfo | null {
  if (!(socket instanceof TLSSocket)) return null;
  return { version: socket.getProtocol() ?? "", cipher: socket.getCipher().standardName };
}
