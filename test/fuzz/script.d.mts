import type { H2Options } from "../../src/index.ts";
import type { Role } from "./octets.mjs";

export type Step =
  | { readonly octets: Uint8Array; readonly call?: undefined }
  | { readonly call: readonly unknown[]; readonly octets?: undefined };

export interface Script {
  readonly role: Role;
  /** Where a clock or an observer is wanted, `true` stands for it. */
  readonly options: Omit<H2Options, "clock" | "observer"> & { clock?: boolean; observer?: boolean };
  readonly steps: readonly Step[];
  readonly rule?: string;
  readonly failed?: string;
  readonly outcome?: string;
}

export function scriptText(script: Script): string;
export function parseScript(content: string): Script;
