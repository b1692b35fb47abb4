/**
 * Peers that do as they are told, right or wrong, for tests of HTTP/2 clients. It needs nothing of a platform; for a real
 * port there is `h2wire/testing/node`.
 *
 * @module
 */
export { SERVER_MISBEHAVIOURS } from "./catalogue/index.ts";
export { FieldBlockBuilder, FrameBuilder, type Priority } from "./frame-builder.ts";
export { frames, octetsOf, type Wire } from "./frames.ts";
export {
  type Ask,
  answered,
  either,
  failed,
  type Misbehaviour,
  maybeProcessed,
  type Outcome,
  outcomeText,
  unprocessed,
} from "./misbehaviour.ts";
export { type Pair, pair, unacquainted } from "./pair.ts";
export { Peer, type PeerResponse } from "./peer.ts";
export { PeerGone } from "./peer-gone.ts";
export { type Courtesy, PeerInbox } from "./peer-inbox.ts";
export { PeerRequest } from "./peer-request.ts";
export { PeerWindows } from "./peer-windows.ts";
export {
  type Answer,
  type Driver,
  type ListeningServer,
  type RunHost,
  type RunOptions,
  type RunReport,
  runMisbehaviour,
} from "./run.ts";
export { type Script, ScriptedServer, scripted } from "./scripted.ts";
export { faultsOf, matches, outcomeOf, type Settled, settledText } from "./settled.ts";
export type { Transport, TransportEnd } from "./transport.ts";
export { fieldText, type SentFrame, WireReader } from "./wire-reader.ts";
