import { describe, expect, it } from "vitest";
import { checkTls } from "../../src/node/check-tls.ts";

const protectedBy = (protocol: string | null, standardName: string) => ({
  getProtocol: () => protocol,
  getCipher: () => ({ standardName }),
});

describe("TLS under HTTP/2", () => {
  it("may be TLS 1.3 (RFC 9113 section 9.2.3)", () => {
    expect(checkTls(protectedBy("TLSv1.3", "TLS_AES_128_GCM_SHA256"))).toEqual({ ok: true });
  });

  it("may be TLS 1.2 with a suite that is not prohibited (RFC 9113 section 9.2.2)", () => {
    expect(checkTls(protectedBy("TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"))).toEqual({ ok: true });
  });

  it("may be TLS 1.2 with a suite that nobody has heard of (RFC 9113 section 9.2.2)", () => {
    expect(checkTls(protectedBy("TLSv1.2", "TLS_OF_TOMORROW"))).toEqual({ ok: true });
  });

  it("is refused on a prohibited suite of TLS 1.2 (RFC 9113 section 9.2.2)", () => {
    expect(checkTls(protectedBy("TLSv1.2", "TLS_RSA_WITH_AES_128_CBC_SHA"))).toEqual({
      ok: false,
      reason: "HTTP/2 must not use the cipher suite TLS_RSA_WITH_AES_128_CBC_SHA",
      section: "RFC 9113 section 9.2.2",
    });
  });

  it.each(["SSLv3", "TLSv1", "TLSv1.1", "unknown", null])(
    "is refused for the version %s (RFC 9113 section 9.2)",
    (version) => {
      expect(checkTls(protectedBy(version, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"))).toMatchObject({
        ok: false,
        section: "RFC 9113 section 9.2",
      });
    },
  );
});
