import { expect, it } from "vitest";
import { randomOctets, sha256, tenMebibytes } from "./octets.ts";
import type { ServerPeer } from "./server-peer.ts";
import {
  connectSubject,
  type SubjectClientOptions,
  type SubjectResponse,
  subjectRequest,
  type Way,
} from "./subject.ts";
import type { SiteFile } from "./workspace.ts";

/** How to reach a peer by a way: the TLS port for ALPN, the cleartext one for all else. */
export function reach(peer: ServerPeer, way: Way): SubjectClientOptions {
  const origin = way === "alpn" ? peer.tls : peer.cleartext;
  return { origin, way, ca: peer.workspace.certificate.cert };
}

/** The cases that every HTTP/2 server has to pass with our client, whatever way the two agreed. */
export function itExchangesOverHttp2(peer: () => ServerPeer, way: Way): void {
  itDownloads(peer, way);
  itUploads(peer, way);
  itKeepsConnection(peer, way);
}

function itDownloads(peer: () => ServerPeer, way: Way): void {
  it("reads a response, fields and body (RFC 9113 section 8.1)", async () => {
    const { hello } = peer().workspace.site;
    const response = await subjectRequest({ ...reach(peer(), way), path: hello.path });
    expect(outcome(response)).toEqual({ status: 200, protocol: "HTTP/2", sha256: hello.sha256 });
    expect(response.headers.get("content-length")).toBe(String(hello.size));
  });

  it("reads a HEAD's response, which has a length and no body (RFC 9110 section 9.3.2)", async () => {
    const { large } = peer().workspace.site;
    const response = await subjectRequest({ ...reach(peer(), way), path: large.path, method: "HEAD" });
    expect(outcome(response)).toEqual({ status: 200, protocol: "HTTP/2", sha256: sha256("") });
    expect(response.headers.get("content-length")).toBe(String(large.size));
  });

  it("reads ten mebibytes unharmed (RFC 9113 section 5.2)", async () => {
    const { large } = peer().workspace.site;
    const response = await subjectRequest({ ...reach(peer(), way), path: large.path });
    expect(outcome(response)).toEqual({ status: 200, protocol: "HTTP/2", sha256: large.sha256 });
  });
}

function itUploads(peer: () => ServerPeer, way: Way): void {
  it.each([1, 20_000, tenMebibytes])(
    "sends a body of %i octets unharmed (RFC 9113 section 5.2)",
    async (size) => {
      const body = randomOctets(size);
      const client = connectSubject(reach(peer(), way));
      try {
        // Not the first request: after an Upgrade that would be HTTP/1.1's to carry.
        await client.request({ path: peer().workspace.site.hello.path });
        const response = await client.request({ path: "/echo", method: "POST", body });
        expect(outcome(response)).toEqual({ status: 200, protocol: "HTTP/2", sha256: sha256(body) });
      } finally {
        await client.close();
      }
    },
  );
}

function itKeepsConnection(peer: () => ServerPeer, way: Way): void {
  it("has a hundred requests under way on one connection (RFC 9113 section 5.1.2)", async () => {
    const { hello, large } = peer().workspace.site;
    const files: SiteFile[] = [hello, ...Array(99).fill(hello), large];
    const outcomes = await downloadOnOneConnection(reach(peer(), way), files);
    const expected = { status: 200, protocol: "HTTP/2" };
    expect(outcomes).toEqual(files.map((file) => ({ ...expected, sha256: file.sha256 })));
  });
}

/** Requests the first file alone, so that the peer's SETTINGS are known, and the others at once. */
async function downloadOnOneConnection(
  options: SubjectClientOptions,
  [first, ...others]: readonly SiteFile[],
): Promise<Outcome[]> {
  const client = connectSubject(options);
  const download = async ({ path }: SiteFile): Promise<Outcome> => outcome(await client.request({ path }));
  try {
    const one = await download(first as SiteFile);
    return [one, ...(await Promise.all(others.map(download)))];
  } finally {
    await client.close();
  }
}

/** The case of a server that is asked for an Upgrade and goes on in HTTP/1.1 instead. */
export function itTakesTheHttp1Answer(peer: () => ServerPeer): void {
  it("takes the HTTP/1.1 response as the answer when the Upgrade is not granted (RFC 9110 section 7.8)", async () => {
    const { hello } = peer().workspace.site;
    const response = await subjectRequest({ ...reach(peer(), "upgrade"), path: hello.path });
    expect(outcome(response)).toEqual({ status: 200, protocol: "HTTP/1.1", sha256: hello.sha256 });
  });
}

/** The case of a request for Upgrade that has a body: some peers grant it, most answer in HTTP/1.1. */
export function itSendsBodyWithUpgrade(peer: () => ServerPeer, protocol: "HTTP/2" | "HTTP/1.1"): void {
  it(`is answered in ${protocol} when its request for Upgrade has a body (RFC 7540 section 3.2)`, async () => {
    const body = randomOctets(50_000);
    const request = { path: "/echo", method: "POST", body };
    const response = await subjectRequest({ ...reach(peer(), "upgrade"), ...request });
    expect(outcome(response)).toEqual({ status: 200, protocol, sha256: sha256(body) });
  });
}

/** The case of a server that answers while the body is on its way, and then resets the stream with NO_ERROR. */
export function itTakesAnEarlyResponse(peer: () => ServerPeer, status: number): void {
  it("keeps the response to a body that the server did not want to the end (RFC 9113 section 8.1)", async () => {
    const { hello } = peer().workspace.site;
    const request = { path: hello.path, method: "POST", body: randomOctets(tenMebibytes) };
    const response = await subjectRequest({ ...reach(peer(), "alpn"), ...request });
    expect(outcome(response)).toMatchObject({ status, protocol: "HTTP/2" });
    expect(String(response.body.length)).toBe(response.headers.get("content-length"));
  });
}

/** HTTP/1.1 on the ports that speak HTTP/2 too. */
export function itSpeaksHttp1(peer: () => ServerPeer): void {
  it.each(["cleartext", "tls"] as const)("speaks plain HTTP/1.1 on the %s port", async (port) => {
    const { hello } = peer().workspace.site;
    const options = { ...reach(peer(), "http/1.1"), origin: peer()[port] };
    const response = await subjectRequest({ ...options, path: hello.path });
    expect(outcome(response)).toEqual({ status: 200, protocol: "HTTP/1.1", sha256: hello.sha256 });
  });
}

interface Outcome {
  readonly status: number;
  readonly protocol: string;
  readonly sha256: string;
}

/** What to compare of a response: ten mebibytes in a failed comparison would be printed for minutes. */
function outcome({ status, protocol, body }: SubjectResponse): Outcome {
  return { status, protocol, sha256: sha256(body) };
}
