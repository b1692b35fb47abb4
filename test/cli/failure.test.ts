import { describe, expect, it } from "vitest";
import { CommandFailure, failureOf, isExpected } from "../../src/cli/failure.ts";
import { ClientError, type ClientErrorCode } from "../../src/http/client/client-error.ts";

function systemError(code: string, message: string = code): Error {
  return Object.assign(new Error(message), { code });
}

function told(error: unknown): [exitCode: number, message: string] {
  const { exitCode, message } = failureOf(error);
  return [exitCode, message];
}

describe("failureOf", () => {
  it.each<[ClientErrorCode, number]>([
    ["CONNECT_FAILED", 7],
    ["PROTOCOL_ERROR", 16],
    ["STREAM_RESET", 16],
    ["GOAWAY", 16],
    ["WRONG_UPGRADE", 16],
    ["INADEQUATE_SECURITY", 16],
    ["TIMEOUT", 28],
    ["HANDSHAKE_FAILED", 35],
    ["CONNECTION_LOST", 56],
  ])("gives %s of the client the exit code %i", (code, exitCode) => {
    expect(failureOf(new ClientError(code, "why")).exitCode).toBe(exitCode);
  });

  it("believes the innermost cause that it knows", () => {
    const refused = new ClientError("CONNECT_FAILED", "no", {
      cause: systemError("ENOTFOUND", "getaddrinfo x"),
    });
    expect(told(refused)).toEqual([6, "the host name could not be resolved: getaddrinfo x"]);
    const untrusted = new ClientError("HANDSHAKE_FAILED", "no", {
      cause: systemError("CERT_HAS_EXPIRED", "expired"),
    });
    expect(told(untrusted)).toEqual([60, "the server's certificate is not trusted: expired"]);
  });

  it.each([
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "UNABLE_TO_GET_ISSUER_CERT",
    "INVALID_CA",
  ])("takes %s for an untrusted certificate", (code) => {
    expect(failureOf(systemError(code)).exitCode).toBe(60);
  });

  it("takes what OpenSSL says of records for a failed handshake", () => {
    expect(failureOf(systemError("ERR_SSL_WRONG_VERSION_NUMBER")).exitCode).toBe(35);
  });

  it("looks outward for words where the innermost cause has none", () => {
    const error = new ClientError("CONNECT_FAILED", "the connection failed: ECONNREFUSED", {
      cause: systemError("ECONNREFUSED", ""),
    });
    expect(told(error)).toEqual([
      7,
      "the server could not be connected to: the connection failed: ECONNREFUSED",
    ]);
  });
});

describe("isExpected", () => {
  it("tells what happens in the world from a bug", () => {
    expect(isExpected(new CommandFailure(3, "x"))).toBe(true);
    expect(isExpected(systemError("EAI_AGAIN"))).toBe(true);
    expect(isExpected(new TypeError("x is not a function"))).toBe(false);
    expect(isExpected("thrown text")).toBe(false);
  });

  it("ends at a cause that leads in a circle", () => {
    const error = new Error("a");
    error.cause = error;
    expect(isExpected(error)).toBe(false);
  });
});
