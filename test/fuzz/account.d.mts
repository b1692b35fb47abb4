import type { H2Connection } from "../../src/index.ts";

export interface Account {
  readonly events: readonly string[];
  readonly sent: string;
}

export function account(engine: H2Connection, chunks: readonly Uint8Array[]): Account;
