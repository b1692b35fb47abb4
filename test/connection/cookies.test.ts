import { describe, expect, it } from "vitest";
import { client, clientWithRequest, GET, receive, server } from "../support/engine.ts";
import { frames } from "../support/frames.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

const LONG = "session=0123456789abcdef";

describe("cookies that come in (RFC 9113 section 8.2.3)", () => {
  const request = () =>
    frames.headers(1).request("GET", "/").field("cookie", "a=1").field("x", "y").field("cookie", "b=2");

  it("are joined into one field, behind the others and never to be indexed", () => {
    expect(told(receive(server(), request()))[0]).toMatch(/:path=\/ x=y cookie!=a=1; b=2$/);
  });

  it("stay as they are where fields are not to be put into form", () => {
    const engine = server({ normalizeInboundHeaders: false });
    expect(told(receive(engine, request()))[0]).toMatch(/:path=\/ cookie=a=1 x=y cookie=b=2$/);
  });

  it("are joined in every message that has some", () => {
    const engine = clientWithRequest();
    const events = receive(
      engine,
      frames.headers(1).response(200).field("cookie", "a=1").field("cookie", "b=2"),
    );
    expect(told(events)[0]).toMatch(/ cookie!=a=1; b=2$/);
  });
});

describe("cookies that go out", () => {
  function cookiesOf(options: object, value: string): string {
    const engine = client(options);
    engine.sendHeaders(1, [...GET, ["cookie", value]]);
    return (sent(engine)[0] as string).replace(/^.*:path=\/ /, "");
  }

  it("stay one field as a rule", () => {
    expect(cookiesOf({}, `${LONG}; b=2`)).toBe(`cookie=${LONG}; b=2`);
  });

  it("are split where that is asked for, which compresses better (RFC 9113 section 8.2.3)", () => {
    expect(cookiesOf({ splitOutboundCookies: true }, `${LONG}; b=2`)).toBe(`cookie=${LONG} cookie!=b=2`);
  });

  it("are not split where fields are not to be put into form", () => {
    const options = { splitOutboundCookies: true, normalizeOutboundHeaders: false };
    expect(cookiesOf(options, `${LONG}; b=2`)).toBe(`cookie=${LONG}; b=2`);
  });
});
