import type { Arbitrary } from "fast-check";
import type { H2Options } from "../../src/index.ts";

export type Role = "client" | "server";

export function wire(role: Role): Arbitrary<Uint8Array>;
export function greeting(role: Role): Uint8Array;
export function conversation(role: Role): Arbitrary<Uint8Array>;
export const options: Arbitrary<H2Options>;
export const cuts: Arbitrary<number[]>;
export function split(octets: Uint8Array, places: readonly number[]): Uint8Array[];
