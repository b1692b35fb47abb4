/**
 * Priority of a response (RFC 9218): the value of a `priority` field and the text in a PRIORITY_UPDATE frame are the
 * same dictionary.
 */
import { type BareItem, type FieldItem, type FieldMember, parseDictionary } from "./structured-field.ts";
import { structuredFieldText } from "./structured-field-text.ts";

export interface Priority {
  /** 0 (first) to 7 (last). */
  readonly urgency: number;
  /** Whether parts of the response are of use, so that it may share the connection with others of its urgency. */
  readonly incremental: boolean;
}

/** What a request without any signal has (RFC 9218 section 4). */
export const DEFAULT_PRIORITY: Priority = { urgency: 3, incremental: false };

const LAST_URGENCY = 7;

/** What clients send, so that a request costs one look-up: every urgency with and without "i", as browsers write it. */
const COMMON_PRIORITIES: ReadonlyMap<string, Priority> = commonPriorities();

/**
 * The priority that the text asks for; null if it is no dictionary, which counts as no signal at all. Unknown
 * members, and known ones of the wrong type or out of range, are passed over (RFC 9218 section 4). Treat the
 * object as frozen: it may be shared.
 */
export function parsePriority(text: string): Priority | null {
  const common = COMMON_PRIORITIES.get(text);
  if (common !== undefined) return common;
  const members = parseDictionary(text);
  if (members === null) return null;
  return { urgency: urgencyOf(members.get("u")), incremental: incrementalOf(members.get("i")) };
}

/**
 * The value of a `priority` field, or of PRIORITY_UPDATE, for a priority. What is the default anyway is left out, so
 * that it is "" for the default priority: a request has no such field then.
 */
export function serializePriority({ urgency, incremental }: Priority): string {
  const members = new Map<string, FieldItem>();
  if (urgency !== DEFAULT_PRIORITY.urgency) members.set("u", plainItem({ type: "integer", value: urgency }));
  if (incremental) members.set("i", plainItem({ type: "boolean", value: true }));
  return structuredFieldText(members);
}

function plainItem(item: BareItem): FieldItem {
  return { item, parameters: new Map() };
}

function urgencyOf(member: FieldMember | undefined): number {
  if (member === undefined || !("item" in member) || member.item.type !== "integer")
    return DEFAULT_PRIORITY.urgency;
  const { value } = member.item;
  return value >= 0 && value <= LAST_URGENCY ? value : DEFAULT_PRIORITY.urgency;
}

function incrementalOf(member: FieldMember | undefined): boolean {
  if (member === undefined || !("item" in member) || member.item.type !== "boolean") {
    return DEFAULT_PRIORITY.incremental;
  }
  return member.item.value;
}

function commonPriorities(): Map<string, Priority> {
  const priorities = new Map<string, Priority>();
  priorities.set("i", { urgency: DEFAULT_PRIORITY.urgency, incremental: true });
  for (let urgency = 0; urgency <= LAST_URGENCY; urgency++) {
    priorities.set(`u=${urgency}`, { urgency, incremental: false });
    priorities.set(`u=${urgency}, i`, { urgency, incremental: true });
    priorities.set(`u=${urgency},i`, { urgency, incremental: true });
  }
  return priorities;
}
