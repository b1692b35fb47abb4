import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { endFieldBlock, writeContinuation } from "../../src/frames/continuation.ts";
import { writeData } from "../../src/frames/data.ts";
import { StreamFault } from "../../src/frames/fault.ts";
import type { Frame } from "../../src/frames/frame.ts";
import { FrameFlag } from "../../src/frames/frame-flag.ts";
import { FrameType } from "../../src/frames/frame-type.ts";
import { writeGoaway } from "../../src/frames/goaway.ts";
import { beginHeaders } from "../../src/frames/headers.ts";
import { writePing } from "../../src/frames/ping.ts";
import { writePriority } from "../../src/frames/priority.ts";
import { beginPushPromise } from "../../src/frames/push-promise.ts";
import { writeRstStream } from "../../src/frames/rst-stream.ts";
import { writeSettings } from "../../src/frames/settings.ts";
import { writeWindowUpdate } from "../../src/frames/window-update.ts";
import { hex, isFault, joined, parseOne, readAll, withMargins, written } from "./support.ts";

type Payload = Readonly<Record<string, unknown>> & { readonly padding_length?: number | null };

interface Vector {
  readonly name: string;
  readonly wire: string;
  readonly error: readonly number[] | null;
  readonly frame: {
    readonly length: number;
    readonly type: number;
    readonly flags: number;
    readonly stream_identifier: number;
    readonly frame_payload: Payload;
  } | null;
}

const FOLDER = new URL("../vectors/http2-frame-test-case/", import.meta.url);
const vectors = readdirSync(FOLDER, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith(".json"))
  .sort()
  .map((name): Vector => ({ name, ...JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) }));
const good = vectors.filter((vector) => vector.frame !== null);
const bad = vectors.filter((vector) => vector.error !== null);

/** The bad frames that RFC 9113 counts against their stream alone (sections 6.3 and 6.9). */
const FAULTS_OF_A_STREAM = ["error/priority-frame-size.json", "error/window_update-frame-increment.json"];

describe("http2-frame-test-case", () => {
  it("is complete", () => {
    expect(good).toHaveLength(12);
    expect(bad).toHaveLength(22);
  });

  it.each(good)("$name is read", ({ wire, frame }) => {
    const parsed = parseOne(hex(wire));
    expect(parsed).toMatchObject({
      type: frame?.type,
      flags: frame?.flags,
      streamId: frame?.stream_identifier,
      length: frame?.length,
    });
    expect(saidBy(parsed)).toEqual(expectedOf(frame?.frame_payload ?? {}));
  });

  it.each(good)("$name is written", ({ wire, frame }) => {
    const paddingLength = frame?.frame_payload.padding_length ?? 0;
    expect(rewritten(parseOne(hex(wire)))).toEqual(withZeroPadding(hex(wire), paddingLength));
  });

  it.each(bad)("$name is refused", ({ name, wire, error }) => {
    const [fault, ...others] = readAll([withMargins(hex(wire), 0xff)]);
    if (fault === undefined || !isFault(fault)) throw new Error("not refused");
    expect(error).toContain(fault.errorCode);
    expect(fault instanceof StreamFault).toBe(FAULTS_OF_A_STREAM.includes(name));
    expect(others).toEqual([]);
  });
});

/** What the vector says, in our words. Padding is gone after parsing; members that are null do not apply. */
function expectedOf(payload: Payload): Record<string, unknown> {
  const entries = Object.entries(payload).filter(
    ([name, value]) => value !== null && !name.startsWith("padding"),
  );
  return Object.fromEntries(entries);
}

/** What the frame says, in the vectors' words. */
function saidBy(frame: Frame): Record<string, unknown> {
  switch (frame.type) {
    case FrameType.DATA:
      return { data: text(frame.data) };
    case FrameType.HEADERS:
      return { ...prioritySaidBy(frame.priority), header_block_fragment: text(frame.fragment) };
    case FrameType.PRIORITY:
      return prioritySaidBy(frame.priority);
    case FrameType.RST_STREAM:
      return { error_code: frame.errorCode };
    case FrameType.SETTINGS:
      return { settings: frame.settings };
    case FrameType.PUSH_PROMISE:
      return { promised_stream_id: frame.promisedStreamId, header_block_fragment: text(frame.fragment) };
    case FrameType.PING:
      return { opaque_data: text(frame.data) };
    case FrameType.GOAWAY:
      return {
        last_stream_id: frame.lastStreamId,
        error_code: frame.errorCode,
        additional_debug_data: text(frame.debugData),
      };
    case FrameType.WINDOW_UPDATE:
      return { window_size_increment: frame.increment };
    case FrameType.CONTINUATION:
      return { header_block_fragment: text(frame.fragment) };
    default:
      throw new Error("no vector is of this type");
  }
}

function prioritySaidBy(
  priority: { dependsOn: number; weight: number; exclusive: boolean } | null,
): Record<string, unknown> {
  if (priority === null) return {};
  return { stream_dependency: priority.dependsOn, weight: priority.weight, exclusive: priority.exclusive };
}

function text(octets: Uint8Array): string {
  return String.fromCharCode(...octets);
}

/** The frame as our writers say it. Only DATA is padded by them. */
function rewritten(frame: Frame): Uint8Array {
  return written((writer) => {
    switch (frame.type) {
      case FrameType.DATA:
        return writeData(
          writer,
          frame.streamId,
          frame.data,
          frame.endStream,
          frame.length - frame.data.length - 1,
        );
      case FrameType.HEADERS:
        beginHeaders(writer, frame.streamId, frame.endStream, frame.priority);
        writer.write(frame.fragment);
        return endFieldBlock(writer, 16_384);
      case FrameType.PRIORITY:
        return writePriority(writer, frame.streamId, frame.priority);
      case FrameType.RST_STREAM:
        return writeRstStream(writer, frame.streamId, frame.errorCode);
      case FrameType.SETTINGS:
        return writeSettings(writer, frame.settings);
      case FrameType.PUSH_PROMISE:
        beginPushPromise(writer, frame.streamId, frame.promisedStreamId);
        writer.write(frame.fragment);
        return endFieldBlock(writer, 16_384);
      case FrameType.PING:
        return writePing(writer, frame.data, frame.ack);
      case FrameType.GOAWAY:
        return writeGoaway(writer, frame.lastStreamId, frame.errorCode, frame.debugData);
      case FrameType.WINDOW_UPDATE:
        return writeWindowUpdate(writer, frame.streamId, frame.increment);
      case FrameType.CONTINUATION:
        return writeContinuation(writer, frame.streamId, frame.fragment, frame.endHeaders);
      default:
        throw new Error("no vector is of this type");
    }
  });
}

/** The vector's octets as our writers make them: padding of DATA is zero, that of field blocks is left away. */
function withZeroPadding(wire: Uint8Array, paddingLength: number): Uint8Array {
  const flags = wire[4] as number;
  if ((flags & FrameFlag.PADDED) === 0) return wire;
  const content = wire.subarray(10, wire.length - paddingLength);
  if (wire[3] === FrameType.DATA) return joined(wire.subarray(0, 10), content, new Uint8Array(paddingLength));
  const header = Uint8Array.from(wire.subarray(0, 9));
  header[2] = content.length;
  header[4] = flags & ~FrameFlag.PADDED;
  return joined(header, content);
}
