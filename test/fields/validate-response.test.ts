import { describe, expect, it } from "vitest";
import { MessageKind } from "../../src/fields/message-kind.ts";
import { getWith, okWith, received, response } from "./support.ts";

describe("a response", () => {
  it("has :status (RFC 9113 section 8.3.2)", () => {
    const fault = response([["x-foo", "1"]]).fault;
    expect(fault).toEqual({ reason: "a response must have :status", section: "RFC 9113 section 8.3.2" });
  });

  it("has no pseudo-header field of requests (RFC 9113 section 8.3)", () => {
    for (const pair of [...getWith(), [":protocol", "websocket"] as const]) {
      expect(response([pair, ...okWith()]).fault?.reason).toBe(`a response may not have ${pair[0]}`);
    }
  });

  it("has a status of three digits from 100 on (RFC 9110 section 15)", () => {
    for (const value of ["", "20", "2000", "099", "000", "2x0", "abc", "+20", "-20", " 200", "20\u00b2"]) {
      expect(response([[":status", value]]).fault).not.toBeNull();
    }
  });

  it("may have a status above 599, which clients take for a server error (RFC 9110 section 15)", () => {
    for (const value of ["600", "999"]) expect(response([[":status", value]]).fault).toBeNull();
  });

  it("never has status 101 (RFC 9113 section 8.6)", () => {
    for (const kind of [MessageKind.RESPONSE, MessageKind.INTERIM_RESPONSE]) {
      expect(received(kind, [[":status", "101"]]).fault).toEqual({
        reason: "101 (Switching Protocols) does not exist in HTTP/2",
        section: "RFC 9113 section 8.6",
      });
    }
  });

  it("may have a content-length without content, as after HEAD (RFC 9113 section 8.1.1)", () => {
    for (const status of ["200", "304", "404"]) {
      expect(
        response([
          [":status", status],
          ["content-length", "5"],
        ]).fault,
      ).toBeNull();
    }
  });

  it("has no content-length with a status of 1xx (RFC 9110 section 8.6)", () => {
    for (const length of ["0", "5"]) {
      const fault = response([
        [":status", "103"],
        ["content-length", length],
      ]).fault;
      expect(fault?.reason).toContain("Invalid content-length header");
      expect(fault?.section).toBe("RFC 9110 section 8.6");
    }
  });

  it("has no content-length but 0 with status 204, and 0 only by indulgence (RFC 9110 section 8.6)", () => {
    expect(
      response([
        [":status", "204"],
        ["content-length", "0"],
      ]).fault,
    ).toBeNull();
    expect(
      response([
        [":status", "204"],
        ["content-length", "5"],
      ]).fault?.section,
    ).toBe("RFC 9110 section 8.6");
  });
});

describe("an interim response", () => {
  it("has a status of 100 to 199 (RFC 9110 section 15.2)", () => {
    for (const status of ["100", "103", "199"]) {
      expect(received(MessageKind.INTERIM_RESPONSE, [[":status", status]]).fault).toBeNull();
    }
    expect(received(MessageKind.INTERIM_RESPONSE, okWith()).fault).toEqual({
      reason: "an interim response has a status of 100 to 199, not 200",
      section: "RFC 9110 section 15.2",
    });
  });
});
