import type { OpenedEngine } from "./opened.mjs";
import type { Random } from "./random.mjs";
import type { Script } from "./script.mjs";

export type Cut = (octets: Uint8Array) => Uint8Array[];

export function failureOf(opened: OpenedEngine, script: Script, cutsOf: readonly Cut[]): string | null;
export function chanceCuts(random: Random): Cut;
export function equalCuts(octets: Uint8Array): Uint8Array[];
