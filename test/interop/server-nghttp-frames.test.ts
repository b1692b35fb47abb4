import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../fuzz/random.mjs";
import { type FrameLog, kindsOf, withoutDropped } from "./support/frame-log.ts";
import { startLoggedServer } from "./support/logged-server.ts";
import { nghttpLog } from "./support/nghttp.ts";
import { peerLog } from "./support/nghttp2-log.ts";
import { createWorkspace, type Workspace } from "./support/workspace.ts";

const CONVERSATIONS = 40;
const BODY_SIZES = [0, 1, 1_000, 30_000, 200_000];
let workspace: Workspace;

beforeAll(async () => {
  workspace = await createWorkspace();
  for (const size of BODY_SIZES) await writeFile(bodyFile(size), new Uint8Array(size).fill(0x62));
});

afterAll(() => workspace.remove());

describe("the frames between nghttp and our server, in the words of both", () => {
  it("are the same on both ends in random conversations (RFC 9113 section 4)", {
    timeout: 240_000,
  }, async () => {
    const kinds = new Set<string>();
    for (let seed = 1; seed <= CONVERSATIONS; seed++) {
      const { ours, theirs } = await converse(new Random(seed));
      expectSame(ours, theirs, `conversation ${seed}`);
      for (const kind of ours.sent.flatMap(kindsOf)) kinds.add(`sent ${kind}`);
      for (const kind of ours.received.flatMap(kindsOf)) kinds.add(`received ${kind}`);
    }
    // The conversations are worth something only if all of this was said in them.
    expect(KINDS.filter((kind) => !kinds.has(kind))).toEqual([]);
  });
});

async function converse(random: Random): Promise<{ ours: FrameLog; theirs: FrameLog }> {
  const server = await startLoggedServer(random);
  const theirs = peerLog(await nghttpLog(randomArguments(random, server.port)));
  await server.ended();
  return { ours: server.log, theirs };
}

/** Each end received what the other one sent. nghttp leaves when it has its responses, whatever comes behind them. */
function expectSame(ours: FrameLog, theirs: FrameLog, name: string): void {
  const sent = withoutDropped(ours.sent, theirs);
  const unread = sent.slice(theirs.received.length);
  expect(theirs.received, name).toEqual(sent.slice(0, theirs.received.length));
  expect(
    unread.filter((line) => !/^(SETTINGS|PING|WINDOW_UPDATE|RST_STREAM|GOAWAY) /.test(line)),
    name,
  ).toEqual([]);
  expect(ours.received, name).toEqual(theirs.sent);
}

function randomArguments(random: Random, port: number): string[] {
  const args = OPTIONS.filter(() => random.once(3)).flatMap((choices) => [...random.pick(choices)]);
  for (let count = random.below(6); count > 0; count--) args.push("-H", randomField(random));
  if (random.once(3)) args.push("-H", `:method: ${random.pick(["PUT", "DELETE", "OPTIONS"])}`);
  if (random.once(2)) {
    args.push("-d", bodyFile(random.pick(BODY_SIZES)));
    if (random.once(3)) args.push("--trailer", "x-trailer: end", "--trailer", `x-more: ${"t".repeat(300)}`);
    if (random.once(4)) args.push("--expect-continue");
  }
  const paths = Array.from({ length: random.between(1, 4) }, () => randomPath(random));
  return [...args, ...paths.map((path) => `http://127.0.0.1:${port}${path}`)];
}

function randomField(random: Random): string {
  const name = random.pick([
    "x-a",
    "x-a",
    "cookie",
    "authorization",
    "accept-language",
    `x-${random.below(100)}`,
  ]);
  return `${name}: ${random.pick(["1", "a=b", `${random.next()}`, "f".repeat(random.pick([50, 500, 6_000]))])}`;
}

function randomPath(random: Random): string {
  return random.pick(["/", "/a", `/${random.next()}`, "/search?q=a+b%20c", `/${"p".repeat(400)}`]);
}

/** Of each line one choice, in some conversations. */
const OPTIONS: readonly (readonly (readonly string[])[])[] = [
  [
    ["-m", "2"],
    ["-m", "7"],
    ["-m", "30"],
  ],
  [["--no-dep"]],
  [
    ["-b", "1"],
    ["-b", "100"],
    ["-b", "255"],
  ],
  [
    ["-c", "0"],
    ["-c", "100"],
    ["-c", "0", "-c", "2000"],
    ["-c", "65536"],
  ],
  [
    ["--encoder-header-table-size=0"],
    ["--encoder-header-table-size=200"],
    ["--encoder-header-table-size=100000"],
  ],
  [
    ["-w", "10"],
    ["-w", "20"],
  ],
  [
    ["-W", "17"],
    ["-W", "20"],
  ],
  [["--no-push"]],
  [["--no-content-length"]],
  [["--continuation"]],
  [
    ["-p", "1"],
    ["-p", "256"],
  ],
  [["--max-concurrent-streams=1"], ["--max-concurrent-streams=50"]],
  [["--no-rfc7540-pri"]],
];

const KINDS: readonly string[] = [
  "received DATA",
  "received DATA padded",
  "received GOAWAY",
  "received HEADERS",
  "received HEADERS in pieces",
  "received HEADERS padded",
  "received HEADERS with priority",
  "received PING",
  "received PRIORITY",
  "received SETTINGS",
  "received WINDOW_UPDATE",
  "sent DATA",
  "sent DATA padded",
  "sent GOAWAY",
  "sent HEADERS",
  "sent HEADERS in pieces",
  "sent HEADERS with a secret",
  "sent PING",
  "sent PUSH_PROMISE",
  "sent RST_STREAM",
  "sent SETTINGS",
  "sent WINDOW_UPDATE",
];

function bodyFile(size: number): string {
  return join(workspace.directory, `body-${size}.bin`);
}
