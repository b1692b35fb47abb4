import { FrameFlag, flagNames } from "../../src/frames/index.ts";
import { ErrorCodes, errorCodeName, SettingCodes } from "../../src/index.ts";

/**
 * The words that transcripts use for what stands on the wire: names for numbers, and how a line is cut into words.
 */
export interface Line {
  /** The first word. */
  readonly name: string;
  /** Words of the form name=value, in order. Quotation marks are gone. */
  readonly values: readonly (readonly [name: string, value: string])[];
  /** The other words. */
  readonly words: ReadonlySet<string>;
  /** Text in quotation marks that stands for itself. */
  readonly texts: readonly string[];
  /** What stands behind the bar: the fields of a field section, or null. */
  readonly fields: readonly (readonly [name: string, value: string])[] | null;
}

/** Takes a line apart: `HEADERS stream=1 END_STREAM | :method=GET accept="text/html, text/plain"`. */
export function parseLine(line: string): Line {
  const [name = "", ...rest] = wordsOf(line);
  const bar = rest.indexOf("|");
  const head = bar < 0 ? rest : rest.slice(0, bar);
  return {
    name,
    values: head.flatMap(pairOf),
    words: new Set(head.filter((word) => !word.startsWith('"') && !word.includes("="))),
    texts: head.filter((word) => word.startsWith('"')).map(parseText),
    fields: bar < 0 ? null : rest.slice(bar + 1).flatMap(pairOf),
  };
}

/** The value of a word `name=value`, or undefined. */
export function wordValue(line: Line, name: string): string | undefined {
  return line.values.find(([known]) => known === name)?.[1];
}

/** The value of a word `name=number`. */
export function numberOf(line: Line, name: string, otherwise: number): number {
  const value = wordValue(line, name);
  if (value === undefined) return otherwise;
  if (!/^\d+$/.test(value)) throw new Error(`${name} is a number, not ${value}`);
  return Number(value);
}

/** The error code of a word `error=NAME`. */
export function errorOf(line: Line): number {
  const value = wordValue(line, "error") ?? "NO_ERROR";
  return numbered(ErrorCodes, value);
}

/** Settings among the words, in order, each `NAME=number` or `0xid=number`. */
export function settingsOf(line: Line): (readonly [id: number, value: number])[] {
  return line.values
    .filter(([name]) => isSetting(name))
    .map(([name, value]) => [numbered(SettingCodes, name), Number(value)] as const);
}

/** Whether a word `name=value` is about a setting. */
export function isSetting(name: string): boolean {
  return name in SettingCodes || /^0x[0-9a-f]+$/.test(name);
}

/** The bits of the flags among the words, by the names that the frame type gives them. */
export function flagsOf(line: Line, type: number): number {
  let flags = 0;
  for (const word of line.words) {
    const bit = /^0x[0-9a-f]+$/.test(word) ? Number(word) : (FrameFlag[word as keyof typeof FrameFlag] ?? 0);
    if (bit !== 0 && !flagNames(type, bit).includes(word)) throw new Error(`no flag of this frame: ${word}`);
    flags |= bit;
  }
  return flags;
}

/** Names of error codes as `describeFrame` has them. */
export const errorName: (code: number) => string = errorCodeName;

/** Quoted text, with `*number` behind it where one character is repeated. */
export function quoted(text: string): string {
  const first = text.charAt(0);
  if (text.length > 64 && text === first.repeat(text.length)) {
    return `${JSON.stringify(first)}*${text.length}`;
  }
  const escaped = JSON.stringify(text);
  return escaped.replace(/[\x7f-\xff]/g, (found) => `\\u00${found.charCodeAt(0).toString(16)}`);
}

/** A value as it is where that is clear, else quoted. */
export function plainOrQuoted(value: string): string {
  return /^[!-~]+$/.test(value) && !/["|]/.test(value) ? value : quoted(value);
}

/** The octets as hexadecimal digits. */
export function digitsOf(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("");
}

function wordsOf(line: string): string[] {
  return line.match(/[^\s"]*"(?:[^"\\]|\\.)*"(?:\*\d+)?|[^\s"]+/g) ?? [];
}

function pairOf(word: string): (readonly [string, string])[] {
  const match = /^(:?[^="]*)=(.*)$/s.exec(word);
  if (match === null || word.startsWith('"')) return [];
  const [, name = "", value = ""] = match;
  return [[name, value.startsWith('"') ? parseText(value) : value]];
}

function parseText(word: string): string {
  const match = /^(".*")(?:\*(\d+))?$/s.exec(word);
  return (JSON.parse(match?.[1] ?? "") as string).repeat(Number(match?.[2] ?? 1));
}

function numbered(names: Readonly<Record<string, number>>, word: string): number {
  const number = names[word] ?? Number(word);
  if (!Number.isInteger(number)) throw new Error(`not known: ${word}`);
  return number;
}
