/**
 * Whether a request asks for h2c by Upgrade, and may have it (RFC 7540 section 3.2). RFC 9113 section 3.1 has
 * since deprecated this way into HTTP/2.
 */
import { METHODS } from "node:http";
import { authorityDefect } from "../fields/authority.ts";
import { Defect, fieldFault, quote } from "../fields/field-fault.ts";
import { flawsOf } from "../fields/octet-class.ts";
import { http2SettingsRefusal } from "./http2-settings.ts";
import { type Refusal, refusal } from "./refusal.ts";
import {
  endOfHead,
  isToken,
  listElements,
  parseRequestHead,
  type RequestHead,
  valuesOf,
} from "./request-head.ts";

/** A request that may be answered with 101. */
export interface UpgradeRequest {
  readonly state: "upgrade";
  /** The value of HTTP2-Settings: for the server's `initiateUpgradeConnection(settings)`. */
  readonly settings: string;
  readonly method: string;
  /** Path and query, or `*`. */
  readonly target: string;
  readonly host: string;
  /** All fields of the request as they came; one character an octet. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** Octets of the head, the empty line included. */
  readonly headLength: number;
  /** Octets of the body, which follows the head. */
  readonly contentLength: number;
}

export type UpgradeExamination =
  | UpgradeRequest
  /** The head has not ended. */
  | { readonly state: "incomplete" }
  /** No request for h2c, or a head that only an HTTP/1.1 server should judge. */
  | { readonly state: "not-upgrade" }
  /** A request for h2c that breaks a rule: it is to be answered in HTTP/1.1. */
  | ({ readonly state: "declined" } & Refusal);

export interface UpgradeLimits {
  /** Most octets of a head that is looked at: 16,384 unless given. A longer one is no upgrade. */
  readonly maxHeadLength?: number;
  /** Most octets of a body that is read before 101: 65,536 unless given. With a longer one the upgrade is declined. */
  readonly maxBodyLength?: number;
}

const MAX_HEAD_LENGTH = 16_384;
const MAX_BODY_LENGTH = 65_536;
const MOST_FIELDS = 128;

const UPGRADE = "RFC 7540 section 3.2";
const SETTINGS_FIELD = "RFC 7540 section 3.2.1";
const HTTP_UPGRADE = "RFC 9110 section 7.8";

/** What Connection may name besides. Anything else would have to be taken out of the request. */
const HARMLESS_OPTIONS = ["upgrade", "http2-settings", "keep-alive", "te"];

/**
 * Examines the beginning of a connection that is known to speak HTTP/1.1.
 *
 * It is never laxer than `node:http`: what that server would refuse, or might read otherwise, is
 * "not-upgrade". `Upgrade` may list other protocols too; of them `h2c` counts, in any case of its
 * letters (RFC 9110 section 7.8), and `h2` does not (RFC 7540 section 3.2).
 *
 * @param seen - how many of the octets an earlier call has found "incomplete".
 */
export function examineUpgrade(
  octets: Uint8Array,
  seen: number = 0,
  limits: UpgradeLimits = {},
): UpgradeExamination {
  const maxHeadLength = limits.maxHeadLength ?? MAX_HEAD_LENGTH;
  const headLength = endOfHead(octets, seen);
  if (headLength === 0 && octets.length <= maxHeadLength) return { state: "incomplete" };
  if (headLength <= 0 || headLength > maxHeadLength) return { state: "not-upgrade" };
  const head = parseRequestHead(octets, headLength);
  if (head === null || !offersH2c(head) || !isSoundHttp1(head)) return { state: "not-upgrade" };
  const refused =
    requestRefusal(head) ?? bodyRefusal(head, limits) ?? connectionRefusal(head) ?? settingsRefusal(head);
  if (refused !== null) return { state: "declined", ...refused };
  return {
    state: "upgrade",
    settings: valuesOf(head, "http2-settings")[0] as string,
    method: head.method,
    target: head.target,
    host: valuesOf(head, "host")[0] as string,
    fields: head.fields,
    headLength,
    contentLength: Number(valuesOf(head, "content-length")[0] ?? 0),
  };
}

function offersH2c(head: RequestHead): boolean {
  const offers = listElements(valuesOf(head, "upgrade"));
  return offers.includes("h2c") && offers.every((offer) => offer.split("/").every(isToken));
}

/** Whether values of Upgrade name HTTP/2 and no other protocol. */
export function offersOnlyHttp2(values: readonly string[]): boolean {
  const offers = listElements(values);
  return offers.length > 0 && offers.every((offer) => offer === "h2c" || offer === "h2");
}

/** Whether `node:http` would take the request: its methods, one Host, at most one Content-Length in digits. */
function isSoundHttp1(head: RequestHead): boolean {
  const lengths = valuesOf(head, "content-length");
  const hosts = valuesOf(head, "host");
  return (
    METHODS.includes(head.method) &&
    lengths.length <= 1 &&
    lengths.every((length) => /^\d{1,15}$/.test(length)) &&
    (hosts.length === 1 || (hosts.length === 0 && head.version === "1.0"))
  );
}

/** What the request itself must be, to become one of HTTP/2. */
function requestRefusal(head: RequestHead): Refusal | null {
  if (head.version === "1.0") return refusal("Upgrade in HTTP/1.0 is ignored", HTTP_UPGRADE);
  const isAsterisk = head.target === "*" && head.method === "OPTIONS";
  if (head.method === "CONNECT" || !(head.target.startsWith("/") || isAsterisk)) {
    return refusal("only a path, or * for OPTIONS, becomes the target of stream 1", "RFC 9113 section 8.3.1");
  }
  const host = valuesOf(head, "host")[0] ?? "";
  const defect = authorityDefect(host, flawsOf(host));
  if (defect !== Defect.NONE) return fieldFault(defect, "Host", host);
  if (head.fields.length <= MOST_FIELDS) return null;
  return refusal(`a request must not have more than ${MOST_FIELDS} fields`, "RFC 9113 section 10.5");
}

/** The whole body comes before the first octet of HTTP/2, so its length must be known, and small. */
function bodyRefusal(head: RequestHead, limits: UpgradeLimits): Refusal | null {
  if (valuesOf(head, "transfer-encoding").length > 0) {
    return refusal("the length of the request's body must be known", UPGRADE);
  }
  if (valuesOf(head, "expect").length > 0) {
    return refusal("a request that expects an answer before its body is not upgraded", HTTP_UPGRADE);
  }
  const limit = limits.maxBodyLength ?? MAX_BODY_LENGTH;
  if (Number(valuesOf(head, "content-length")[0] ?? 0) <= limit) return null;
  return refusal(`the request's body must not be longer than ${limit} octets`, UPGRADE);
}

function connectionRefusal(head: RequestHead): Refusal | null {
  const options = listElements(valuesOf(head, "connection"));
  if (!options.includes("upgrade")) return refusal("Connection must name Upgrade", HTTP_UPGRADE);
  if (!options.includes("http2-settings")) {
    return refusal("Connection must name HTTP2-Settings", SETTINGS_FIELD);
  }
  const other = options.find((option) => !HARMLESS_OPTIONS.includes(option));
  if (other === undefined) return null;
  return refusal(
    `Connection names ${quote(other)} too, which HTTP/2 cannot honour`,
    "RFC 9113 section 8.2.2",
  );
}

function settingsRefusal(head: RequestHead): Refusal | null {
  const [value, ...others] = valuesOf(head, "http2-settings");
  if (value === undefined || others.length > 0) {
    const count = value === undefined ? "none" : others.length + 1;
    return refusal(`HTTP2-Settings must come exactly once, not ${count}`, SETTINGS_FIELD);
  }
  return http2SettingsRefusal(value);
}
