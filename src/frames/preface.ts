import type { ChunkWriter } from "../bytes/chunk-writer.ts";

const TEXT = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/** The 24 octets a client sends before its first frame (RFC 9113 section 3.4). Not to be written to. */
export const CLIENT_PREFACE: Uint8Array = Uint8Array.from(TEXT, (character) => character.charCodeAt(0));

/** What the octets say about a preface: all of it, a beginning of it, or something else. */
export type PrefaceMatch = "match" | "partial" | "mismatch";

/**
 * Compares the octets from `start` up to `end` with the client preface, as many as there are; those behind the
 * 24th do not matter. One wrong octet is enough for a mismatch, none at all is partial.
 */
export function matchPreface(octets: Uint8Array, start: number, end: number): PrefaceMatch {
  const length = Math.min(end - start, CLIENT_PREFACE.length);
  for (let index = 0; index < length; index++) {
    if (octets[start + index] !== CLIENT_PREFACE[index]) return "mismatch";
  }
  return length === CLIENT_PREFACE.length ? "match" : "partial";
}

/** Appends the client preface. */
export function writePreface(writer: ChunkWriter): void {
  writer.mark();
  writer.write(CLIENT_PREFACE);
}
