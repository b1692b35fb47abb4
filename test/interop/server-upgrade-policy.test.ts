import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCurl } from "./support/curl.ts";
import { runPythonClient } from "./support/python-client.ts";
import { readAccount, type SubjectServer, startSubjectServer } from "./support/subject.ts";

describe("a server that ignores requests for Upgrade", () => {
  let server: SubjectServer;

  beforeAll(async () => {
    server = await startSubjectServer({ upgrade: "ignore" });
  });

  afterAll(() => server.stop());

  it("answers curl in HTTP/1.1, as if nothing had been asked (RFC 9110 section 7.8)", async () => {
    const result = await runCurl(["--http2", `${server.url}/plain`]);
    expect(result).toMatchObject({ httpVersion: "1.1", status: 200, switched: false });
    expect(readAccount(result.body.toString())).toMatchObject({ protocol: "HTTP/1.1", path: "/plain" });
  });

  it("answers Python's h2 in HTTP/1.1 (RFC 9110 section 7.8)", async () => {
    const { statusLine, responses } = await runPythonClient({ way: "upgrade", port: server.port, path: "/" });
    expect(statusLine).toMatch(/^HTTP\/1\.1 200/);
    expect(responses).toEqual([]);
  });

  it("still takes prior knowledge (RFC 9113 section 3.3)", async () => {
    const result = await runCurl(["--http2-prior-knowledge", `${server.url}/`]);
    expect(result).toMatchObject({ httpVersion: "2", status: 200 });
  });
});
