/** What is written to a terminal: colours, and text of others that must not steer it. */

export type Style = "bold" | "dim" | "green" | "red" | "cyan" | "yellow";

/** Puts text into a style, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

const CODES: Readonly<Record<Style, readonly [on: number, off: number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

/** Colours only for a terminal that has them; Node asks it, and the variable NO_COLOR. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  const hasColours = stream.isTTY === true && stream.hasColors();
  return hasColours ? paintAnsi : leavePlain;
}

export function leavePlain(_style: Style, text: string): string {
  return text;
}

function paintAnsi(style: Style, text: string): string {
  const [on, off] = CODES[style];
  return `\x1b[${on}m${text}\x1b[${off}m`;
}

/** A byte string of a peer on one line: printable ASCII as it is, every other octet in hexadecimal. */
export function printableOctets(text: string): string {
  return text.replace(/[^ -~]/g, escapeCharacter);
}

/** Text of any script on one line: what controls a terminal, or hides in it, is shown in hexadecimal. */
export function printableText(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, escapeCharacter);
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) as number;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, "0")}`;
  return `\\u{${code.toString(16)}}`;
}
