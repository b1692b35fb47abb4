import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as engine from "../../src/index.ts";
import { client, clientWithRequest, GET, receive, server, serverWithRequest } from "../support/engine.ts";
import { frames } from "../support/frames.ts";

/** `docs/hyper-h2.md` names nothing that is not there, and says why where a name has no twin. */

const { ErrorCodes, H2Configuration, H2Connection, SettingCodes, Settings } = engine;
const document = readFileSync(new URL("../../docs/hyper-h2.md", import.meta.url), "utf8");

const EXPORTS: ReadonlyMap<string, unknown> = new Map(Object.entries(engine));
const SOURCES = ["../../src/index.ts", "../../src/frames/unknown.ts", "../../src/connection/"];

/** One row of a table: hyper-h2's name, ours, and what differs. */
interface Row {
  readonly theirs: string;
  readonly ours: string;
  readonly remark: string;
}

/** The rows of the table under a heading. */
function rowsUnder(heading: string): Row[] {
  const section = document.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  const lines = section.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| ---"));
  return lines.slice(1).map((line) => {
    const [, theirs = "", ours = "", remark = ""] = line.split("|").map((cell) => cell.trim());
    return { theirs, ours, remark };
  });
}

/** What stands between backticks in a cell. */
function quoted(cell: string): string[] {
  return Array.from(cell.matchAll(/`([^`]+)`/g), ([, text]) => text as string);
}

/** The name at the beginning of a call such as `ping(opaqueData)`. */
function firstName(text: string): string {
  return /^[\w.]+/.exec(text)?.[0] ?? text;
}

const SECTIONS: readonly (readonly [heading: string, owner: object, rows: number])[] = [
  ["H2Connection: properties", H2Connection.prototype, 19],
  ["H2Configuration", new H2Configuration(), 10],
  ["ErrorCodes", ErrorCodes, 2],
  ["SettingCodes", SettingCodes, 2],
];

describe("docs/hyper-h2.md", () => {
  it("has a twin for every method of H2Connection", () => {
    const rows = rowsUnder("H2Connection: methods").slice(1);
    expect(rows).toHaveLength(20);
    for (const { ours } of rows) {
      const name = firstName(quoted(ours)[0] as string);
      expect(typeof Object.getOwnPropertyDescriptor(H2Connection.prototype, name)?.value).toBe("function");
    }
  });

  it.each(SECTIONS)("names what is there under %s", (heading, owner, count) => {
    const rows = rowsUnder(heading);
    expect(rows).toHaveLength(count);
    const others = { config: 0, limits: 0 };
    for (const name of rows.flatMap(({ ours }) => quoted(ours))) {
      expect(name in owner || name in others, name).toBe(true);
    }
  });

  it("names methods and properties of Settings, and of a changed setting", () => {
    const rows = rowsUnder("Settings");
    expect(rows).toHaveLength(19);
    const [change] = new Settings({ initialValues: { 1: 0 } }).apply([[1, 2]]).values();
    for (const text of rows.flatMap(({ ours }) => quoted(ours))) {
      if (text.startsWith("new ") || text === "[Symbol.iterator]") continue;
      const name = firstName(text);
      expect(name in Settings.prototype || name in (change as object), name).toBe(true);
    }
    expect(Settings.prototype[Symbol.iterator]).toBeTypeOf("function");
  });

  it("has every exception with its fields", () => {
    const rows = rowsUnder("Exceptions");
    expect(rows).toHaveLength(15);
    for (const { theirs, ours } of rows) {
      const [name, ...fields] = quoted(ours) as [string];
      expect(name).toBe(firstName(quoted(theirs)[0] as string));
      const kind = EXPORTS.get(name) as new (...parameters: number[]) => Error;
      const error = new kind(1, 2);
      expect(error).toBeInstanceOf(engine.H2Error);
      for (const field of fields) expect(error).toHaveProperty(field);
    }
  });

  it("has every event with exactly its fields", () => {
    const rows = rowsUnder("Events").filter(({ ours }) => ours !== "–");
    const events = new Map(allEvents().map((event) => [event.type as string, event]));
    expect(rows).toHaveLength(17);
    for (const { theirs, ours } of rows) {
      const [name, ...fields] = quoted(ours) as [string];
      expect(name).toBe(quoted(theirs)[0]);
      expect(Object.keys(events.get(name) ?? {}).sort()).toEqual(["type", ...fields].sort());
    }
  });

  it("says why where there is no twin", () => {
    const headings = ["H2Connection: properties", "H2Configuration", "Events", "Settings"];
    const alone = headings.flatMap(rowsUnder).filter(({ ours }) => ours === "–");
    expect(alone).toHaveLength(11);
    for (const { theirs, remark } of alone) expect(remark.length, theirs).toBeGreaterThan(8);
  });

  it("names no parameter, option or field anywhere that the source does not know", () => {
    const source = SOURCES.flatMap(textsAt).join("\n");
    const words = document
      .split("\n")
      .filter((line) => line.startsWith("| "))
      .flatMap((line) => quoted(line.split("|").slice(2).join("|")))
      .flatMap((text) => text.match(/\b[a-z]+(?:[A-Z]\w*)+\b/g) ?? []);
    expect(words.length).toBeGreaterThan(100);
    for (const word of words) expect(source.includes(word), word).toBe(true);
  });

  it("names everything that H2Connection has, in one table or the other", () => {
    const questions: object = Object.getPrototypeOf(H2Connection.prototype);
    const members = [H2Connection.prototype, questions]
      .flatMap((owner) => Object.getOwnPropertyNames(owner))
      .filter((name) => name !== "constructor");
    for (const name of members) expect(document).toContain(`\`${name}`);
  });
});

/** The text of a file, or of each file of a folder. */
function textsAt(path: string): string[] {
  const url = new URL(path, import.meta.url);
  const urls = path.endsWith("/") ? readdirSync(url).map((name) => new URL(name, url)) : [url];
  return urls.map((one) => readFileSync(one, "utf8"));
}

/** One event at least of each kind that hyper-h2 has. */
function allEvents(): engine.H2Event[] {
  const request = frames.headers(1).request("POST", "/").priority({ weight: 3 });
  const one = client();
  one.sendHeaders(1, GET);
  one.updateSettings({ 4: 70_000 });
  return [
    ...receive(server(), request, frames.data(1, "x"), frames.headers(1).field("x", "y").endStream()),
    ...receive(one, frames.settings(), frames.settingsAck(), frames.ping(), frames.pingAck()),
    ...receive(
      one,
      frames.headers(1).response(100),
      frames.altsvc(1, "", 'h2=":1"'),
      frames.windowUpdate(1, 9),
    ),
    ...receive(one, frames.pushPromise(1, 2).request("GET", "/"), frames.headers(1).response(200)),
    ...receive(one, frames.raw(0xbe, 0, 0, "?"), frames.rstStream(1), frames.goaway(0)),
    ...receive(clientWithRequest(), frames.goaway(0)),
    ...receive(serverWithRequest(), frames.rstStream(1)),
  ];
}
