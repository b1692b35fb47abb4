import { describe, expect, it } from "vitest";
import { ErrorCodes } from "../../src/index.ts";
import { client, clientWithRequest, GET, receive, server } from "../support/engine.ts";
import { frames } from "../support/frames.ts";
import { expectStreamError } from "../support/outcome.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

const EURO = "\u00e2\u0082\u00ac";

describe("headerEncoding", () => {
  it("is none as a rule: values are byte strings, one character an octet", () => {
    expect(told(receive(server(), frames.headers(1).request("GET", "/").field("x", EURO)))[0]).toContain(
      `x=${EURO}`,
    );
  });

  it("decodes names and values of what comes in", () => {
    const engine = server({ headerEncoding: "utf-8" });
    const events = receive(engine, frames.headers(1).request("GET", "/").secret("x", EURO));
    expect(told(events)[0]).toMatch(/:method=GET .* x!=\u20ac$/);
  });

  it("decodes responses, trailers and promises too", () => {
    const engine = clientWithRequest({ headerEncoding: "utf-8" });
    const events = receive(
      engine,
      frames.pushPromise(1, 2).request("GET", "/").field("x", EURO),
      frames.headers(1).response(200).field("x", EURO),
      frames.headers(1).field("x", EURO).endStream(),
    );
    expect(told(events).filter((line) => line.endsWith("x=\u20ac"))).toHaveLength(3);
  });

  it("leaves the stream where a value cannot be decoded, and the connection goes on", () => {
    const engine = server({ headerEncoding: "utf-8" });
    const events = receive(engine, frames.headers(1).request("GET", "/").field("x", "\u00ff"));
    const error = expectStreamError(engine, events, 1, ErrorCodes.PROTOCOL_ERROR, "option headerEncoding");
    expect(error.reason).toBe("a field is not utf-8");
  });

  it("does not touch what goes out", () => {
    const engine = client({ headerEncoding: "utf-8" });
    engine.sendHeaders(1, [...GET, ["x", EURO]]);
    expect(sent(engine)[0]).toContain(`x=${EURO}`);
  });

  it("holds from the next field section on where it is assigned anew", () => {
    const engine = server();
    engine.config.headerEncoding = "utf-8";
    expect(told(receive(engine, frames.headers(1).request("GET", "/").field("x", EURO)))[0]).toContain(
      "x=\u20ac",
    );
    engine.config.headerEncoding = null;
    expect(told(receive(engine, frames.headers(3).request("GET", "/").field("x", EURO)))[0]).toContain(
      `x=${EURO}`,
    );
  });
});
