/**
 * Scripted peers of `h2wire/testing` on real ports.
 *
 * @module
 */
export { type NodeHost, nodeHost } from "./testing-host.ts";
export {
  listenScripted,
  type ScriptedEnd,
  type ScriptedPart,
  ScriptedPort,
  type ScriptedPortOptions,
  type ScriptedTransport,
} from "./testing-port.ts";
