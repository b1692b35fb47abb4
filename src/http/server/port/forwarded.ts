import { isIP } from "node:net";
import { authorityDefect } from "../../../fields/authority.ts";
import { Defect } from "../../../fields/field-fault.ts";
import { flawsOf } from "../../../fields/octet-class.ts";
import type { TrustedProxies } from "./trusted-proxies.ts";

/** What trusted proxies say of the request that they hand on; null where they say nothing, or nothing that makes sense. */
export interface Forwarded {
  /** Who asked the outermost trusted proxy. */
  readonly address: string | null;
  readonly scheme: "http" | "https" | null;
  /** The authority that the client asked for. */
  readonly host: string | null;
}

/** Looks up a field of the request: its values, joined by commas; null if there is none. */
export type FieldLookup = (name: string) => string | null;

export const UNTOLD: Forwarded = { address: null, scheme: null, host: null };

/**
 * Reads X-Forwarded-For, -Proto and -Host.
 *
 * Each proxy adds at the end whom it talks to, so the list is read from there, and only as far as it was written by proxies
 * that are trusted: in front of that a client may have written what it liked.
 *
 * @param peer - the address at the other end of the connection.
 */
export function forwardedBy(proxies: TrustedProxies, peer: string | null, field: FieldLookup): Forwarded {
  if (peer === null || !proxies.has(peer)) return UNTOLD;
  const scheme = lastOf(field("x-forwarded-proto"))?.toLowerCase();
  const host = lastOf(field("x-forwarded-host"));
  return {
    address: clientOf(proxies, elementsOf(field("x-forwarded-for"))),
    scheme: scheme === "http" || scheme === "https" ? scheme : null,
    host: host !== undefined && isAuthority(host) ? host : null,
  };
}

function clientOf(proxies: TrustedProxies, addresses: readonly string[]): string | null {
  let client: string | null = null;
  for (const element of [...addresses].reverse()) {
    const address = element.replace(/^\[(.*)\](:\d+)?$/, "$1").replace(/^(\d+(?:\.\d+){3}):\d+$/, "$1");
    if (isIP(address) === 0) return client;
    client = address;
    if (!proxies.has(address)) return client;
  }
  return client;
}

function isAuthority(text: string): boolean {
  return authorityDefect(text, flawsOf(text)) === Defect.NONE && URL.canParse(`http://${text}/`);
}

function elementsOf(value: string | null): string[] {
  return value === null ? [] : value.split(",").map((element) => element.trim());
}

function lastOf(value: string | null): string | undefined {
  return elementsOf(value).at(-1);
}
