import { createHash, randomBytes } from "node:crypto";

export const tenMebibytes: number = 10 * 1024 * 1024;

/** Octets that no two requests share, so that a swapped body shows in its hash. */
export function randomOctets(size: number): Uint8Array {
  return randomBytes(size);
}

/**
 * Octets that every program of the suite can make for itself. The period is a prime, so that no
 * two frames of a usual length are alike and a change of their order shows in the hash.
 */
export function patternOctets(size: number): Uint8Array {
  const octets = new Uint8Array(size);
  for (let index = 0; index < size; index++) octets[index] = index % 251;
  return octets;
}

export function sha256(octets: Uint8Array | string): string {
  return createHash("sha256").update(octets).digest("hex");
}
