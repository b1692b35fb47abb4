/** Lines for people. Everything here returns text and prints nothing. */
import type { Frame } from "../frames/frame.ts";
import { describeFrame } from "../frames/frame.ts";
import type { HeaderField } from "../hpack/header-field.ts";
import { type Paint, printableOctets } from "./terminal.ts";

export interface Column {
  readonly heading: string;
  /** On which side the cells stand: words left, numbers right. */
  readonly side: "left" | "right";
}

/** A table with a rule under its headings; each column is as wide as its widest cell. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): string[] {
  const widths = columns.map(({ heading }, index) =>
    Math.max(heading.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    columns.map(({ side }, index) => aligned(cells[index] ?? "", widths[index] as number, side)).join("  ");
  const headings = line(columns.map(({ heading }) => heading));
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return [paint("bold", headings), paint("dim", rule), ...rows.map(line)];
}

function aligned(cell: string, width: number, side: "left" | "right"): string {
  return side === "left" ? cell.padEnd(width) : cell.padStart(width);
}

/** A frame as it travelled, `>` out and `<` in, and the fields that its field block came to. */
export function renderFrame(
  direction: "received" | "sent",
  frame: Frame,
  fields: readonly HeaderField[] | null,
  paint: Paint,
): string[] {
  const mark = direction === "sent" ? paint("cyan", ">") : paint("green", "<");
  const lines = [`${mark} ${paint("bold", describeFrame(frame))}`];
  for (const { name, value, sensitive } of fields ?? []) {
    const note = sensitive ? paint("dim", "  (never indexed)") : "";
    lines.push(`${mark}   ${renderField(name, value)}${note}`);
  }
  return lines;
}

/** A head as curl prints it: `HTTP/2 200`, a line a field, an empty line. */
export function renderHead(
  protocol: string,
  status: number,
  headers: readonly (readonly [string, string])[],
): string[] {
  const version = protocol === "h2" ? "HTTP/2" : protocol.toUpperCase();
  return [`${version} ${status}`, ...renderFields(headers), ""];
}

export function renderFields(fields: readonly (readonly [string, string])[]): string[] {
  return fields.map(([name, value]) => renderField(name, value));
}

function renderField(name: string, value: string): string {
  return `${printableOctets(name)}: ${printableOctets(value)}`;
}

/** A protocol and how it came about: `h2(upgrade)`, and plain `http/1.1` where nothing was negotiated. */
export function renderProtocol(protocol: string, negotiated: string): string {
  return negotiated === "http/1.1" ? protocol : `${protocol}(${negotiated})`;
}

/** Milliseconds with one decimal, such as `12.3 ms`. */
export function renderTime(milliseconds: number): string {
  return `${milliseconds.toFixed(1)} ms`;
}
