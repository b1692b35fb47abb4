import { describe, expect, it } from "vitest";
import type { CommandFailure } from "../../src/cli/failure.ts";
import { parseTarget } from "../../src/cli/target.ts";

function refusal(address: string): { exitCode: number; message: string } {
  try {
    parseTarget(address);
  } catch (error) {
    const { exitCode, message } = error as CommandFailure;
    return { exitCode, message };
  }
  throw new Error(`${address} was taken`);
}

describe("parseTarget", () => {
  it("takes a URL apart, without its fragment", () => {
    expect(parseTarget("https://example.com:8443/a/../b?c=d#e")).toEqual({
      origin: "https://example.com:8443",
      isTls: true,
      path: "/b?c=d",
      authorization: null,
    });
  });

  it("reads an address without a scheme as one of http", () => {
    expect(parseTarget("localhost:8080/x")).toMatchObject({ origin: "http://localhost:8080", path: "/x" });
    expect(parseTarget("[::1]")).toMatchObject({ origin: "http://[::1]", path: "/", isTls: false });
  });

  it("makes Basic credentials of user and password (RFC 7617 section 2)", () => {
    const { authorization, origin } = parseTarget("http://us%40er:p%C3%A9@host/");
    expect(origin).toBe("http://host");
    expect(Buffer.from(authorization?.slice(6) ?? "", "base64").toString()).toBe("us@er:pé");
  });

  it.each(["http://", "http://[::1", "http://a:99999/", "ftp://example.com/", ""])(
    "refuses %j",
    (address) => {
      expect(refusal(address).exitCode).toBe(3);
    },
  );
});
