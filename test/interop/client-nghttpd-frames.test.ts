import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../fuzz/random.mjs";
import { type FrameLog, kindsOf, withoutDropped } from "./support/frame-log.ts";
import { converse } from "./support/logged-client.ts";
import { peerLog } from "./support/nghttp2-log.ts";
import { startVerboseNghttpd } from "./support/nghttpd.ts";
import { createWorkspace, type Workspace } from "./support/workspace.ts";

const CONVERSATIONS_EACH = 8;
let workspace: Workspace;

beforeAll(async () => {
  workspace = await createWorkspace();
  await writeFile(join(workspace.site.directory, "middle.bin"), new Uint8Array(150_000).fill(0x6d));
});

afterAll(() => workspace.remove());

/** nghttpd as it is started; each of these has a few conversations. */
const SERVERS: readonly (readonly string[])[] = [
  [],
  ["--padding=200", "--trailer=x-trailer: end"],
  ["--header-table-size=0", "--encoder-header-table-size=0"],
  ["--header-table-size=65536", "--encoder-header-table-size=200", "--max-concurrent-streams=2"],
  ["--push=/hello.txt=/hello.txt,/middle.bin", "--no-content-length"],
  ["--window-bits=12", "--connection-window-bits=17", "--early-response", "--no-rfc7540-pri"],
];

describe("the frames between our client and nghttpd, in the words of both", () => {
  it("are the same on both ends in random conversations (RFC 9113 section 4)", {
    timeout: 240_000,
  }, async () => {
    const kinds = new Set<string>();
    for (const [index, args] of SERVERS.entries()) {
      for (const { ours, theirs, name } of await conversations(index, args)) {
        expectSame(ours, theirs, name);
        for (const kind of ours.sent.flatMap(kindsOf)) kinds.add(`sent ${kind}`);
        for (const kind of ours.received.flatMap(kindsOf)) kinds.add(`received ${kind}`);
      }
    }
    // The conversations are worth something only if all of this was said in them.
    expect(KINDS.filter((kind) => !kinds.has(kind))).toEqual([]);
  });
});

interface Compared {
  readonly ours: FrameLog;
  readonly theirs: FrameLog;
  readonly name: string;
}

async function conversations(index: number, args: readonly string[]): Promise<Compared[]> {
  const peer = await startVerboseNghttpd(args, workspace.site.directory);
  const compared: Compared[] = [];
  try {
    for (let count = 1; count <= CONVERSATIONS_EACH; count++) {
      const seed = 100 * index + count;
      const ours = await converse(peer.port, `number-${seed}`, new Random(seed));
      const theirs = peerLog(await logOf(`number-${seed}`, () => peer.output()));
      compared.push({ ours, theirs, name: `nghttpd ${args.join(" ")}, conversation ${seed}` });
    }
  } finally {
    await peer.stop();
  }
  return compared;
}

/** The lines of the connection with this mark, once nghttpd has said that it closed. */
async function logOf(mark: string, output: () => string): Promise<string> {
  const deadline = performance.now() + 10_000;
  while (performance.now() < deadline) {
    const id = new RegExp(`\\[id=(\\d+)\\] .*x-conversation: ${mark}\n`).exec(output())?.[1];
    const lines = id === undefined ? [] : linesOf(id, output());
    if (lines.some((line) => /\] closed$/.test(line))) return lines.join("\n");
    await delay(10);
  }
  throw new Error(`nghttpd did not close the connection of ${mark}`);
}

/** The lines of one connection, with the indented ones below them. */
function linesOf(id: string, output: string): string[] {
  let isIn = false;
  return output.split("\n").filter((line) => {
    if (line.startsWith("[id=")) isIn = line.startsWith(`[id=${id}]`);
    return isIn;
  });
}

/** Each end received what the other one sent. What crosses our good-bye may be left unread. */
function expectSame(ours: FrameLog, theirs: FrameLog, name: string): void {
  expect(theirs.received, name).toEqual(withoutDropped(ours.sent, theirs));
  const unread = theirs.sent.slice(ours.received.length);
  expect(ours.received, name).toEqual(theirs.sent.slice(0, ours.received.length));
  expect(
    unread.filter((line) => !/^(SETTINGS|PING|WINDOW_UPDATE|RST_STREAM|GOAWAY) /.test(line)),
    name,
  ).toEqual([]);
}

const KINDS: readonly string[] = [
  "received DATA padded",
  "received HEADERS padded",
  "received PING",
  "received PUSH_PROMISE",
  "received SETTINGS",
  "received WINDOW_UPDATE",
  "sent DATA",
  "sent DATA padded",
  "sent GOAWAY",
  "sent HEADERS",
  "sent HEADERS in pieces",
  "sent HEADERS with a secret",
  "sent HEADERS with priority",
  "sent PING",
  "sent PRIORITY",
  "sent RST_STREAM",
  "sent SETTINGS",
  "sent WINDOW_UPDATE",
];
