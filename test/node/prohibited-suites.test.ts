import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isProhibitedSuite, PROHIBITED_SUITES } from "../../src/node/prohibited-suites.ts";

const names = readFileSync(
  new URL("../vectors/tls-prohibited-suites/names.txt", import.meta.url),
  "latin1",
).trim();

describe("the prohibited cipher suites (RFC 9113 appendix A)", () => {
  it("are the 276 of the list, and no others", () => {
    expect([...PROHIBITED_SUITES].sort()).toEqual(names.split("\n").sort());
    expect(PROHIBITED_SUITES.size).toBe(276);
  });

  it.each([
    "TLS_RSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
    "TLS_RSA_WITH_AES_128_GCM_SHA256",
  ])("prohibit %s", (name) => {
    expect(isProhibitedSuite(name)).toBe(true);
  });

  it.each([
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_DHE_DSS_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8",
    "TLS_AES_128_GCM_SHA256",
  ])("leave %s alone", (name) => {
    expect(isProhibitedSuite(name)).toBe(false);
  });

  it("leave a suite alone that is not listed, however weak (RFC 9113 section 9.2.2)", () => {
    expect(isProhibitedSuite("TLS_SM4_WITH_NOTHING")).toBe(false);
  });
});
