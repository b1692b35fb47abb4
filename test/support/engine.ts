import { H2Connection, type H2Event, type H2Options } from "../../src/index.ts";
import { frames, joined, type Wire } from "./frames.ts";
import { sent } from "./wire.ts";

/** Settings that the other side announces. */
export type Announced = readonly (readonly [id: number, value: number])[];

/** A server that has had the preface, SETTINGS and the acknowledgement of its own; its output is empty. */
export function server(options: H2Options = {}, clientSettings: Announced = []): H2Connection {
  const engine = new H2Connection({ ...options, clientSide: false });
  engine.initiateConnection();
  receive(engine, frames.preface(), frames.settings(...clientSettings), frames.settingsAck());
  sent(engine);
  return engine;
}

/** A client that has had SETTINGS and the acknowledgement of its own; its output is empty. */
export function client(options: H2Options = {}, serverSettings: Announced = []): H2Connection {
  const engine = new H2Connection({ ...options, clientSide: true });
  engine.initiateConnection();
  receive(engine, frames.settings(...serverSettings), frames.settingsAck());
  sent(engine);
  return engine;
}

/** A server with a request, whole or still going on, on stream 1. */
export function serverWithRequest(options: H2Options = {}, clientSettings: Announced = []): H2Connection {
  const engine = server(options, clientSettings);
  receive(engine, frames.headers(1).request("POST", "/"));
  return engine;
}

/** A client that sent the head of a request on stream 1. */
export function clientWithRequest(options: H2Options = {}, serverSettings: Announced = []): H2Connection {
  const engine = client(options, serverSettings);
  engine.sendHeaders(1, POST);
  sent(engine);
  return engine;
}

/** Hands over frames, in one chunk, and returns the events. */
export function receive(engine: H2Connection, ...parts: readonly Wire[]): H2Event[] {
  return engine.receiveData(joined(...parts));
}

type Head = readonly (readonly [name: string, value: string])[];

export const GET: Head = requestHead("GET");
export const POST: Head = requestHead("POST");
export const OK: Head = [[":status", "200"]];

/** The head of a request. */
export function requestHead(method: string, path = "/"): Head {
  return [
    [":method", method],
    [":scheme", "https"],
    [":authority", "example.com"],
    [":path", path],
  ];
}
