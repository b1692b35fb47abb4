import type { FieldFault } from "../../src/fields/field-fault.ts";
import { MessageFacts } from "../../src/fields/message-facts.ts";
import { MessageKind } from "../../src/fields/message-kind.ts";
import {
  checkFields,
  checkOutboundFields,
  DEFAULT_FIELD_RULES,
  type FieldRules,
} from "../../src/fields/validate.ts";
import { HeaderField } from "../../src/hpack/header-field.ts";

export type Pair = readonly [name: string, value: string];

/** What a check comes to: the fault, null if there is none, and the facts. */
export interface Outcome {
  readonly fault: FieldFault | null;
  readonly facts: MessageFacts;
}

export function fieldsOf(pairs: readonly Pair[]): HeaderField[] {
  return pairs.map(([name, value]) => new HeaderField(name, value));
}

export function received(
  kind: MessageKind,
  pairs: readonly Pair[],
  rules: Partial<FieldRules> = {},
): Outcome {
  const facts = new MessageFacts();
  return { fault: checkFields(fieldsOf(pairs), kind, facts, { ...DEFAULT_FIELD_RULES, ...rules }), facts };
}

export function sent(kind: MessageKind, pairs: readonly Pair[], rules: Partial<FieldRules> = {}): Outcome {
  const facts = new MessageFacts();
  return {
    fault: checkOutboundFields(fieldsOf(pairs), kind, facts, { ...DEFAULT_FIELD_RULES, ...rules }),
    facts,
  };
}

export function request(pairs: readonly Pair[], rules?: Partial<FieldRules>): Outcome {
  return received(MessageKind.REQUEST, pairs, rules);
}

export function response(pairs: readonly Pair[], rules?: Partial<FieldRules>): Outcome {
  return received(MessageKind.RESPONSE, pairs, rules);
}

export function trailers(pairs: readonly Pair[], rules?: Partial<FieldRules>): Outcome {
  return received(MessageKind.TRAILERS, pairs, rules);
}

export function promise(pairs: readonly Pair[], rules?: Partial<FieldRules>): Outcome {
  return received(MessageKind.PUSHED_REQUEST, pairs, rules);
}

/** A request that nothing is wrong with, and more fields behind it. */
export function getWith(...more: readonly Pair[]): Pair[] {
  return [[":method", "GET"], [":scheme", "https"], [":authority", "example.org"], [":path", "/"], ...more];
}

/** The same, with another value for one of its pseudo-header fields. */
export function getBut(name: string, value: string): Pair[] {
  return getWith().map((pair) => (pair[0] === name ? [name, value] : pair));
}

/** The same, without one of its pseudo-header fields. */
export function getWithout(name: string): Pair[] {
  return getWith().filter((pair) => pair[0] !== name);
}

/** A response that nothing is wrong with, and more fields behind it. */
export function okWith(...more: readonly Pair[]): Pair[] {
  return [[":status", "200"], ...more];
}

export function connectTo(authority: string, ...more: readonly Pair[]): Pair[] {
  return [[":method", "CONNECT"], [":authority", authority], ...more];
}

export const WEBSOCKET: readonly Pair[] = [
  [":method", "CONNECT"],
  [":protocol", "websocket"],
  [":scheme", "https"],
  [":authority", "example.org"],
  [":path", "/chat"],
];

/** Everything that ends in a name or value that no message may have, whatever its kind. */
export const CONNECTION_FIELDS: readonly Pair[] = [
  ["connection", "close"],
  ["keep-alive", "timeout=5"],
  ["proxy-connection", "close"],
  ["transfer-encoding", "chunked"],
  ["upgrade", "h2c"],
];
