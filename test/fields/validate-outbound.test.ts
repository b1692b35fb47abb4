import { describe, expect, it } from "vitest";
import { MessageKind } from "../../src/fields/message-kind.ts";
import {
  CONNECTION_FIELDS,
  connectTo,
  getBut,
  getWith,
  getWithout,
  okWith,
  sent,
  WEBSOCKET,
} from "./support.ts";

const { REQUEST, RESPONSE, INTERIM_RESPONSE, TRAILERS, PUSHED_REQUEST } = MessageKind;

describe("what an application sends", () => {
  it("passes where a receiver would take it", () => {
    expect(sent(REQUEST, getWith(["te", "trailers"], ["cookie", "a=1"])).fault).toBeNull();
    expect(sent(REQUEST, connectTo("example.org:443")).fault).toBeNull();
    expect(sent(REQUEST, WEBSOCKET).fault).toBeNull();
    expect(sent(RESPONSE, okWith(["content-length", "13"])).fault).toBeNull();
    expect(
      sent(INTERIM_RESPONSE, [
        [":status", "103"],
        ["link", "</a.css>"],
      ]).fault,
    ).toBeNull();
    expect(sent(TRAILERS, [["grpc-status", "0"]]).fault).toBeNull();
    expect(sent(PUSHED_REQUEST, getWith()).fault).toBeNull();
  });

  it("fills the facts", () => {
    expect(sent(REQUEST, getWith(["content-length", "7"])).facts).toMatchObject({
      method: "GET",
      contentLength: 7,
    });
  });

  it("has no CR, LF or NUL in any value (RFC 9113 section 8.2.1)", () => {
    for (const value of ["a\r\nset-cookie: x", "a\nb", "\0"]) {
      expect(sent(RESPONSE, okWith(["location", value])).fault?.reason).toContain("CR, LF or NUL");
      expect(sent(REQUEST, getBut(":path", `/${value}`)).fault?.reason).toContain("CR, LF or NUL");
      expect(sent(TRAILERS, [["x-foo", value]]).fault?.reason).toContain("CR, LF or NUL");
    }
  });

  it("has no uppercase letter in a name, where normalisation is off (RFC 9113 section 8.2)", () => {
    expect(sent(RESPONSE, okWith(["Content-Type", "text/plain"])).fault?.reason).toContain("uppercase");
  });

  it("has no empty name (RFC 9113 section 8.2.1)", () => {
    expect(sent(RESPONSE, okWith(["", "x"])).fault?.reason).toBe("Received header name with zero length.");
  });

  it("has no character above U+00FF (RFC 9113 section 8.2.1)", () => {
    expect(sent(RESPONSE, okWith(["x-foo", "\u20ac"])).fault?.reason).toContain("no octet");
    expect(sent(RESPONSE, okWith(["x-\u20ac", "1"])).fault?.reason).toContain("no octet");
  });

  it("has nothing that belongs to an HTTP/1.1 connection, http2-settings included (RFC 9113 section 8.2.2)", () => {
    for (const pair of [...CONNECTION_FIELDS, ["http2-settings", "AAMAAABk"] as const]) {
      const fault = sent(REQUEST, getWith(pair)).fault;
      expect(fault?.reason).toContain(`"${pair[0]}"`);
      expect(fault?.section).toBe("RFC 9113 section 8.2.2");
    }
  });

  it("has no content-length with status 204, not even 0 (RFC 9110 section 8.6)", () => {
    const fault = sent(RESPONSE, [
      [":status", "204"],
      ["content-length", "0"],
    ]).fault;
    expect(fault?.reason).toBe("Invalid content-length header: a response with status 204 has none");
    expect(sent(RESPONSE, [[":status", "204"]]).fault).toBeNull();
  });

  it("keeps the rules for pseudo-header fields (RFC 9113 section 8.3)", () => {
    expect(sent(REQUEST, getWithout(":path")).fault?.reason).toContain("must have :path");
    expect(sent(RESPONSE, getWith()).fault?.reason).toContain("must have :status");
    expect(sent(TRAILERS, okWith()).fault?.reason).toContain("pseudo-header in trailer");
    expect(sent(REQUEST, getWith([":method", "GET"])).fault?.reason).toContain("more than once");
    expect(sent(RESPONSE, [["server", "x"], ...okWith()]).fault?.reason).toContain("after a regular field");
  });
});
