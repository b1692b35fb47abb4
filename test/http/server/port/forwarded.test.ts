import { describe, expect, it } from "vitest";
import { forwardedBy } from "../../../../src/http/server/port/forwarded.ts";
import { TrustedProxies } from "../../../../src/http/server/port/trusted-proxies.ts";

const PROXIES = new TrustedProxies(["10.0.0.0/8", "fd00::/8"]);

function read(fields: Readonly<Record<string, string>>, peer: string | null = "10.0.0.1"): object {
  return forwardedBy(PROXIES, peer, (name) => fields[name] ?? null);
}

describe("what a trusted proxy says of a request", () => {
  it("is who asked, by which scheme and for which host", () => {
    const fields = {
      "x-forwarded-for": "192.0.2.7",
      "x-forwarded-proto": "https",
      "x-forwarded-host": "example.com:8443",
    };
    expect(read(fields)).toEqual({ address: "192.0.2.7", scheme: "https", host: "example.com:8443" });
  });

  it("is nothing where it says nothing", () => {
    expect(read({})).toEqual({ address: null, scheme: null, host: null });
  });

  it.each([["192.0.2.9"], ["::1"], [null]])("does not count if it comes from %s", (peer) => {
    const fields = { "x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "https", "x-forwarded-host": "a" };
    expect(read(fields, peer)).toEqual({ address: null, scheme: null, host: null });
  });

  it.each([
    ["the client that the outermost trusted proxy saw", "192.0.2.7, 10.0.0.3, fd00::2", "192.0.2.7"],
    ["not what a client has written in front of that", "127.0.0.1, 192.0.2.7, 10.0.0.3", "192.0.2.7"],
    ["the outermost proxy, where only proxies are named", "10.0.0.3, 10.0.0.2", "10.0.0.3"],
    ["an address without its port", "192.0.2.7:4711", "192.0.2.7"],
    ["an address of IPv6 without brackets and port", "[2001:db8::7]:4711", "2001:db8::7"],
    ["what stands behind an element that is no address", "192.0.2.7, unknown, 10.0.0.3", "10.0.0.3"],
    ["nobody, where the last element is no address", "192.0.2.7, unknown", null],
  ])("names as the client %s", (_, value, address) => {
    expect(read({ "x-forwarded-for": value })).toMatchObject({ address });
  });

  it.each(["ftp", "javascript", "", "https://"])("is no scheme if it is %j", (scheme) => {
    expect(read({ "x-forwarded-proto": scheme })).toMatchObject({ scheme: null });
  });

  it.each(["a b", "user@example.com", "example.com/", "", "example.com:99999"])(
    "is no host if it is %j",
    (host) => {
      expect(read({ "x-forwarded-host": host })).toMatchObject({ host: null });
    },
  );

  it("is the last scheme and host of several", () => {
    const fields = { "x-forwarded-proto": "http, https", "x-forwarded-host": "evil, example.com" };
    expect(read(fields)).toMatchObject({ scheme: "https", host: "example.com" });
  });
});
