import { ChunkWriter } from "../bytes/chunk-writer.ts";
import { ErrorCode } from "../frames/error-code.ts";
import { writeGoaway } from "../frames/goaway.ts";
import { writePreface } from "../frames/preface.ts";
import { writeSettings } from "../frames/settings.ts";
import { checkTls } from "./check-tls.ts";
import { endWith } from "./last-words.ts";
import { NegotiationError } from "./negotiation-error.ts";
import type { TlsSocket } from "./tls-socket.ts";

/**
 * Ends a connection on which `h2` was negotiated but TLS is not what HTTP/2 needs: our preface, since a GOAWAY may not
 * come first, then GOAWAY with INADEQUATE_SECURITY (RFC 9113 section 9.2). No stream was ever processed.
 *
 * @throws NegotiationError `INADEQUATE_SECURITY`; the socket has been ended then.
 */
export function requireAdequateSecurity(socket: TlsSocket, clientSide: boolean): void {
  const verdict = checkTls(socket);
  if (verdict.ok) return;
  const reason = `${verdict.reason} (${verdict.section})`;
  const writer = new ChunkWriter();
  if (clientSide) writePreface(writer);
  writeSettings(writer, []);
  writeGoaway(writer, 0, ErrorCode.INADEQUATE_SECURITY, new TextEncoder().encode(reason));
  endWith(socket, writer.takeOctets());
  throw new NegotiationError("INADEQUATE_SECURITY", reason);
}
