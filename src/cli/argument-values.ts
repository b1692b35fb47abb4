/** What the values of options must look like. Each function turns text into a value, or says what is wrong with it. */
import { InvalidArgumentError } from "commander";

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const MOST_SECONDS = 2_000_000;

export function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("A port is a whole number from 0 to 65535.");
}

/** What a timer of Node can wait for. */
const MOST_MILLISECONDS = 2_147_483_647;
const MOST_WORKERS = 1024;

export function parseMilliseconds(text: string): number {
  const milliseconds = Number(text);
  if (/^\d{1,10}$/.test(text) && milliseconds <= MOST_MILLISECONDS) return milliseconds;
  throw new InvalidArgumentError(`It must be a whole number of milliseconds up to ${MOST_MILLISECONDS}.`);
}

/** A path without a query. */
export function parsePath(text: string): string {
  if (/^\/[\w\-.~/]*$/.test(text)) return text;
  throw new InvalidArgumentError("A path begins with a slash and has letters, digits and -._~/ in it.");
}

export function parseWorkers(text: string): number | "auto" {
  const workers = Number(text);
  if (text === "auto") return text;
  if (/^\d{1,4}$/.test(text) && workers >= 1 && workers <= MOST_WORKERS) return workers;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${MOST_WORKERS}, or auto.`);
}

/** @returns milliseconds. */
export function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (/^\d*\.?\d+$/.test(text) && seconds > 0 && seconds <= MOST_SECONDS) return Math.ceil(seconds * 1000);
  throw new InvalidArgumentError(`It must be a number of seconds above 0 and up to ${MOST_SECONDS}.`);
}

export function parseMethod(text: string): string {
  if (TOKEN.test(text)) return text;
  throw new InvalidArgumentError("A method is one word of letters, such as PUT.");
}

/** Adds a field to those of earlier options. @returns names and values as byte strings. */
export function collectField(
  text: string,
  earlier: readonly (readonly [string, string])[] = [],
): (readonly [name: string, value: string])[] {
  const [, name = "", value = ""] = /^([^:]*):(.*)$/s.exec(text) ?? [];
  if (!TOKEN.test(name)) throw new InvalidArgumentError('A field looks like "Name: value".');
  const octets = Buffer.from(value.trim(), "utf8").toString("latin1");
  if (/[\0\r\n]/.test(octets)) throw new InvalidArgumentError("A field must not have line breaks.");
  return [...earlier, [name.toLowerCase(), octets]];
}

export function collectText(text: string, earlier: readonly string[] = []): string[] {
  return [...earlier, text];
}
