/**
 * Parsing of structured fields (RFC 9651): dictionaries, as in `priority`, and lists and items, which come with
 * them. Unknown members have to be parsed in full too, as one malformed member spoils the whole field.
 */
import { octetsFromBase64 } from "./base64.ts";
import { flawsOf, isDigit, isLetter, isSpaceOrTab, OctetFlaw } from "./octet-class.ts";

export type BareItem =
  | { readonly type: "integer" | "decimal"; readonly value: number }
  /** Seconds since the beginning of 1970. */
  | { readonly type: "date"; readonly value: number }
  | { readonly type: "string" | "token" | "display-string"; readonly value: string }
  | { readonly type: "byte-sequence"; readonly value: Uint8Array }
  | { readonly type: "boolean"; readonly value: boolean };

export type FieldParameters = ReadonlyMap<string, BareItem>;

export interface FieldItem {
  readonly item: BareItem;
  readonly parameters: FieldParameters;
}

interface InnerList {
  readonly items: readonly FieldItem[];
  readonly parameters: FieldParameters;
}

export type FieldMember = FieldItem | InnerList;
export type FieldDictionary = ReadonlyMap<string, FieldMember>;

/** The members of a dictionary, the last of each key; null if the text is malformed anywhere. */
export function parseDictionary(text: string): FieldDictionary | null {
  return parseWhole(text, (parser) => parser.dictionary());
}

/** The members of a list; null if the text is malformed anywhere. */
export function parseList(text: string): readonly FieldMember[] | null {
  return parseWhole(text, (parser) => parser.list());
}

/** A single item; null if the text is malformed. */
export function parseItem(text: string): FieldItem | null {
  return parseWhole(text, (parser) => parser.item());
}

/** Thrown where the text goes wrong, and caught right here: the grammar reads better without a test at each step. */
const MALFORMED = { malformed: true } as const;

const TRUE: BareItem = { type: "boolean", value: true };
const FALSE: BareItem = { type: "boolean", value: false };

const QUOTE = 0x22;
const PERCENT = 0x25;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const LAST_VISIBLE = 0x7e;

function parseWhole<Value>(text: string, parse: (parser: Parser) => Value): Value | null {
  const parser = new Parser(text);
  try {
    parser.skipSpaces();
    const value = parse(parser);
    parser.skipSpaces();
    return parser.isAtEnd() ? value : null;
  } catch (failure) {
    if (failure === MALFORMED) return null;
    throw failure;
  }
}

/** A place in the text, and a method for each rule of the grammar that reads on from there. */
class Parser {
  readonly #text: string;
  #position: number;

  constructor(text: string) {
    this.#text = text;
    this.#position = 0;
  }

  isAtEnd(): boolean {
    return this.#position >= this.#text.length;
  }

  skipSpaces(): void {
    while (this.#code() === SPACE) this.#position++;
  }

  dictionary(): FieldDictionary {
    const members = new Map<string, FieldMember>();
    while (!this.isAtEnd()) {
      const key = this.#key();
      members.set(key, this.#take("=") ? this.#member() : { item: TRUE, parameters: this.#parameters() });
      this.#comma();
    }
    return members;
  }

  list(): readonly FieldMember[] {
    const members: FieldMember[] = [];
    while (!this.isAtEnd()) {
      members.push(this.#member());
      this.#comma();
    }
    return members;
  }

  item(): FieldItem {
    return { item: this.#bareItem(), parameters: this.#parameters() };
  }

  /** Between two members stands a comma; behind the last one stands none. */
  #comma(): void {
    this.#skipWhiteSpace();
    if (this.isAtEnd()) return;
    this.#expect(",");
    this.#skipWhiteSpace();
    if (this.isAtEnd()) throw MALFORMED;
  }

  #member(): FieldMember {
    return this.#take("(") ? this.#innerList() : this.item();
  }

  #innerList(): InnerList {
    const items: FieldItem[] = [];
    for (;;) {
      this.skipSpaces();
      if (this.#take(")")) return { items, parameters: this.#parameters() };
      items.push(this.item());
      if (this.#code() !== SPACE && !this.#isAt(")")) throw MALFORMED;
    }
  }

  #parameters(): FieldParameters {
    const parameters = new Map<string, BareItem>();
    while (this.#take(";")) {
      this.skipSpaces();
      const key = this.#key();
      parameters.set(key, this.#take("=") ? this.#bareItem() : TRUE);
    }
    return parameters;
  }

  #key(): string {
    const start = this.#position;
    if (!isKeyStart(this.#code())) throw MALFORMED;
    while (isKeyPart(this.#code())) this.#position++;
    return this.#text.slice(start, this.#position);
  }

  #bareItem(): BareItem {
    const code = this.#code();
    if (isDigit(code) || this.#isAt("-")) return this.#number();
    if (isLetter(code) || this.#isAt("*")) return this.#token();
    if (this.#take('"')) return this.#string();
    if (this.#take(":")) return this.#byteSequence();
    if (this.#take("?")) return this.#boolean();
    if (this.#take("@")) return this.#date();
    if (this.#take("%")) return this.#displayString();
    throw MALFORMED;
  }

  /** An integer of up to 15 digits, or a decimal of up to 12 before and 1 to 3 behind the point. */
  #number(): BareItem {
    const start = this.#position;
    this.#take("-");
    const whole = this.#digits();
    if (!this.#take(".")) {
      if (whole < 1 || whole > 15) throw MALFORMED;
      return { type: "integer", value: this.#numberFrom(start) };
    }
    const fraction = this.#digits();
    if (whole < 1 || whole > 12 || fraction < 1 || fraction > 3) throw MALFORMED;
    return { type: "decimal", value: this.#numberFrom(start) };
  }

  /** How many digits were skipped. */
  #digits(): number {
    const start = this.#position;
    while (isDigit(this.#code())) this.#position++;
    return this.#position - start;
  }

  /** Adding 0 makes 0 of -0, which is no number of its own here. */
  #numberFrom(start: number): number {
    return Number(this.#text.slice(start, this.#position)) + 0;
  }

  #date(): BareItem {
    const number = this.#number();
    if (number.type !== "integer") throw MALFORMED;
    return { type: "date", value: number.value };
  }

  #boolean(): BareItem {
    if (this.#take("1")) return TRUE;
    this.#expect("0");
    return FALSE;
  }

  #token(): BareItem {
    const start = this.#position;
    while (isTokenPart(this.#text.charAt(this.#position))) this.#position++;
    return { type: "token", value: this.#text.slice(start, this.#position) };
  }

  #string(): BareItem {
    let value = "";
    for (;;) {
      const code = this.#visible();
      if (code === QUOTE) return { type: "string", value };
      value += String.fromCharCode(code === BACKSLASH ? this.#escaped() : code);
    }
  }

  #escaped(): number {
    const code = this.#visible();
    if (code !== QUOTE && code !== BACKSLASH) throw MALFORMED;
    return code;
  }

  #byteSequence(): BareItem {
    const end = this.#text.indexOf(":", this.#position);
    if (end < 0) throw MALFORMED;
    const value = octetsFromBase64(this.#text.slice(this.#position, end));
    if (value === null) throw MALFORMED;
    this.#position = end + 1;
    return { type: "byte-sequence", value };
  }

  /** Unicode text in UTF-8, of which every octet that is not visible ASCII stands as "%" and two hex digits. */
  #displayString(): BareItem {
    this.#expect('"');
    const start = this.#position;
    for (;;) {
      const code = this.#visible();
      if (code === QUOTE) break;
      if (code === PERCENT) this.#hexOctet();
    }
    return { type: "display-string", value: decodedUtf8(this.#text.slice(start, this.#position - 1)) };
  }

  #hexOctet(): void {
    if (!/^[0-9a-f]{2}$/.test(this.#text.slice(this.#position, this.#position + 2))) throw MALFORMED;
    this.#position += 2;
  }

  /** The next character, which must be there and be visible ASCII or a space. */
  #visible(): number {
    const code = this.#code();
    if (!(code >= SPACE && code <= LAST_VISIBLE)) throw MALFORMED;
    this.#position++;
    return code;
  }

  #skipWhiteSpace(): void {
    while (isSpaceOrTab(this.#code())) this.#position++;
  }

  /** The next character; NaN, which is like no character, at the end. */
  #code(): number {
    return this.#text.charCodeAt(this.#position);
  }

  #isAt(mark: string): boolean {
    return this.#text.charAt(this.#position) === mark;
  }

  #take(mark: string): boolean {
    if (!this.#isAt(mark)) return false;
    this.#position++;
    return true;
  }

  #expect(mark: string): void {
    if (!this.#take(mark)) throw MALFORMED;
  }
}

function isKeyStart(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || code === 0x2a;
}

function isKeyPart(code: number): boolean {
  return isKeyStart(code) || isDigit(code) || code === 0x5f || code === 0x2d || code === 0x2e;
}

function isTokenPart(character: string): boolean {
  if (character === "") return false;
  return character === ":" || character === "/" || (flawsOf(character) & OctetFlaw.NOT_TOKEN) === 0;
}

function decodedUtf8(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw MALFORMED;
  }
}
