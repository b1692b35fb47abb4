/** Structured fields as text (RFC 9651 section 4.1): the way back from what `structured-field.ts` parses. */
import { base64FromOctets } from "./base64.ts";
import type {
  BareItem,
  FieldDictionary,
  FieldItem,
  FieldMember,
  FieldParameters,
} from "./structured-field.ts";

/**
 * The text of a dictionary, a list or an item. It is "" for a dictionary or a list without members; a field with
 * such a value is left out.
 *
 * @throws RangeError for a value that no structured field can have.
 */
export function structuredFieldText(value: FieldDictionary | readonly FieldMember[] | FieldItem): string {
  if (value instanceof Map) return dictionaryText(value);
  if (Array.isArray(value)) return value.map(memberText).join(", ");
  return itemText(value as FieldItem);
}

/** A member that is true stands by its key alone. */
function dictionaryText(members: FieldDictionary): string {
  const texts: string[] = [];
  for (const [key, member] of members) {
    const isTrue = "item" in member && isTrueItem(member.item);
    texts.push(keyText(key) + (isTrue ? parametersText(member.parameters) : `=${memberText(member)}`));
  }
  return texts.join(", ");
}

function memberText(member: FieldMember): string {
  if ("item" in member) return itemText(member);
  return `(${member.items.map(itemText).join(" ")})${parametersText(member.parameters)}`;
}

function itemText({ item, parameters }: FieldItem): string {
  return bareItemText(item) + parametersText(parameters);
}

function parametersText(parameters: FieldParameters): string {
  let text = "";
  for (const [key, item] of parameters) {
    text += `;${keyText(key)}`;
    if (!isTrueItem(item)) text += `=${bareItemText(item)}`;
  }
  return text;
}

function isTrueItem(item: BareItem): boolean {
  return item.type === "boolean" && item.value;
}

function keyText(key: string): string {
  if (!/^[a-z*][a-z0-9_.*-]*$/.test(key)) throw impossible("key", key);
  return key;
}

function bareItemText(item: BareItem): string {
  switch (item.type) {
    case "integer":
      return integerText(item.value);
    case "decimal":
      return decimalText(item.value);
    case "date":
      return `@${integerText(item.value)}`;
    case "boolean":
      return item.value ? "?1" : "?0";
    case "string":
      return stringText(item.value);
    case "token":
      return tokenText(item.value);
    case "byte-sequence":
      return `:${base64FromOctets(item.value)}:`;
    case "display-string":
      return displayStringText(item.value);
  }
}

const LARGEST_INTEGER = 999_999_999_999_999;

function integerText(value: number): string {
  if (!Number.isInteger(value) || Math.abs(value) > LARGEST_INTEGER) throw impossible("integer", value);
  return String(value);
}

/** Up to three digits behind the point; halfway between two thousandths the even one is taken. */
function decimalText(value: number): string {
  const thousandths = value * 1000;
  const isHalfway = Math.abs(thousandths % 1) === 0.5;
  const rounded = isHalfway ? 2 * Math.round(thousandths / 2) : Math.round(thousandths);
  if (!(Math.abs(rounded) <= LARGEST_INTEGER)) throw impossible("decimal", value);
  const text = String(rounded / 1000);
  return rounded % 1000 === 0 ? `${text}.0` : text;
}

function stringText(value: string): string {
  if (!/^[ -~]*$/.test(value)) throw impossible("string", value);
  return `"${value.replace(/["\\]/g, "\\$&")}"`;
}

function tokenText(value: string): string {
  if (!/^[A-Za-z*][\w!#$%&'*+.^`|~:/-]*$/.test(value)) throw impossible("token", value);
  return value;
}

/** All but visible ASCII and the space stands in UTF-8, each octet as "%" and two digits; so do "%" and the quote. */
function displayStringText(value: string): string {
  try {
    return `%"${value.replace(/[^ !#$&-~]+/g, (run) => encodeURIComponent(run).toLowerCase())}"`;
  } catch {
    throw impossible("display string", value);
  }
}

function impossible(what: string, value: string | number): RangeError {
  return new RangeError(`${JSON.stringify(value)} cannot be a ${what} of a structured field (RFC 9651)`);
}
