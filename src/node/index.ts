/**
 * HTTP/2 on Node's sockets: the negotiations, each of them a function on a socket that already exists.
 *
 * @module
 */
export { checkTls, type ProtectedSocket, type TlsVerdict } from "./check-tls.ts";
export { createHttp1Server, Http1Request, handToHttp1 } from "./http1-server.ts";
export { endWith } from "./last-words.ts";
export {
  type ConnectAlpnOptions,
  type ConnectOptions,
  connectAlpn,
  connectPriorKnowledge,
} from "./negotiate-client.ts";
export {
  type Negotiated,
  type NegotiatedHttp1,
  type NegotiatedHttp2,
  type NegotiateServerOptions,
  negotiateServer,
  type UpgradePolicy,
} from "./negotiate-server.ts";
export { NegotiationError, type NegotiationErrorCode } from "./negotiation-error.ts";
export { isProhibitedSuite, PROHIBITED_SUITES } from "./prohibited-suites.ts";
export {
  type Endpoint,
  type ProxyHeader,
  type ProxyHeaderOutcome,
  parseProxyHeader,
} from "./proxy-header.ts";
export { Pump, type PumpHandler, type PumpOptions } from "./pump.ts";
export {
  type ReceivedProxyHeader,
  type ReceiveProxyHeaderOptions,
  receiveProxyHeader,
} from "./receive-proxy-header.ts";
export type { Refusal } from "./refusal.ts";
export { type NegotiatedSocket, selectedProtocol } from "./selected-protocol.ts";
export {
  type Sniffed,
  type SniffedProtocol,
  type SniffOptions,
  sniffProtocol,
  sniffSocket,
} from "./sniff.ts";
export {
  type AlpnProtocol,
  type TlsClientProfile,
  type TlsServerProfile,
  tlsClientOptions,
  tlsServerOptions,
} from "./tls-profile.ts";
export { requestUpgrade, type UpgradeOutcome, type UpgradeRequestOptions } from "./upgrade-client.ts";
export {
  examineUpgrade,
  type UpgradeExamination,
  type UpgradeLimits,
  type UpgradeRequest,
} from "./upgrade-head.ts";
export {
  type DeclinedUpgrade,
  type ReceivedUpgrade,
  type ReceiveUpgradeOptions,
  receiveUpgrade,
} from "./upgrade-server.ts";
