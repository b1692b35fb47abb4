import type { Arbitrary } from "fast-check";

export type Role = "client" | "server";

export function wire(role: Role): Arbitrary<Uint8Array>;
export function conversation(role: Role): Arbitrary<Uint8Array>;
export const cuts: Arbitrary<number[]>;
export function split(octets: Uint8Array, places: readonly number[]): Uint8Array[];
