import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  type ZlibOptions,
} from "node:zlib";
import { DecodedBody, type MakeDecoder } from "./decoded-body.ts";
import type { Fields } from "./outgoing-request.ts";

/** Codings of one response: more of them are an attack. Source: undici. */
const MOST_CODINGS = 5;

/** A body that is cut off gives what is there, as browsers have it. Source: undici. */
const LENIENT: ZlibOptions = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
const LENIENT_BROTLI = {
  flush: constants.BROTLI_OPERATION_FLUSH,
  finishFlush: constants.BROTLI_OPERATION_FLUSH,
};

const DECODERS: ReadonlyMap<string, MakeDecoder> = new Map<string, MakeDecoder>([
  ["gzip", () => createGunzip(LENIENT)],
  ["x-gzip", () => createGunzip(LENIENT)],
  // The name means the format of zlib, but some servers leave its frame away (RFC 9110 section 8.4.1.2).
  ["deflate", (first) => ((first & 0x0f) === 8 ? createInflate(LENIENT) : createInflateRaw(LENIENT))],
  ["br", () => createBrotliDecompress(LENIENT_BROTLI)],
]);

/**
 * What undoes the codings of a response, the last one first; nothing if one of them is not known.
 * @throws TypeError for more of them than anybody needs.
 */
export function decodersFor(fields: Fields): MakeDecoder[] {
  const codings: string[] = [];
  for (const [name, value] of fields) {
    if (name.toLowerCase() !== "content-encoding") continue;
    for (const coding of value.split(",")) codings.push(coding.trim().toLowerCase());
  }
  const present = codings.filter((coding) => coding !== "" && coding !== "identity");
  if (present.length > MOST_CODINGS) throw new TypeError("the response has too many content codings");
  const decoders = present.map((coding) => DECODERS.get(coding)).reverse();
  return decoders.includes(undefined) ? [] : (decoders as MakeDecoder[]);
}

/** The octets without their codings. */
export function decoded(
  octets: AsyncIterator<Uint8Array, unknown>,
  decoders: readonly MakeDecoder[],
): AsyncIterator<Uint8Array, unknown> {
  return decoders.reduce((source, decoder) => new DecodedBody(source, decoder), octets);
}
