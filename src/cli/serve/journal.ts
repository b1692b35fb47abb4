import type { CurlLine } from "../curl-lines.ts";
import { renderCurlLines } from "../curl-lines.ts";
import { type RequestRecord, renderRequest } from "../request-log.ts";
import { type Paint, paintFor } from "../terminal.ts";

/** What a server says about itself when it listens. */
export interface Introduction {
  readonly url: string;
  /** In words that end a sentence that begins with the URL. */
  readonly serves: string;
  readonly speaks: string;
  /** How to try it. */
  readonly lines: readonly CurlLine[];
}

/** Where a server writes what happens. */
export interface Journal {
  introduce(introduction: Introduction): void;
  /** @param event - the name of what happens. @param sentence - the same for people. */
  note(event: string, sentence: string): void;
  request(request: RequestRecord): void;
}

export function journalFor(format: "text" | "json" | "none", stream: NodeJS.WriteStream): Journal {
  const print = (line: string): void => void stream.write(`${line}\n`);
  if (format === "json") return jsonJournal(print);
  const journal = textJournal(print, paintFor(stream));
  return format === "none" ? { ...journal, request: () => {} } : journal;
}

function textJournal(print: (line: string) => void, paint: Paint): Journal {
  return {
    introduce: ({ url, serves, speaks, lines }) => {
      print(`${paint("bold", url)} serves ${serves}.`);
      print(`It speaks ${speaks}.`);
      for (const line of ["", "Try:", ...renderCurlLines(lines), ""]) print(line);
    },
    note: (_event, sentence) => print(paint("dim", sentence)),
    request: (request) => print(renderRequest(request, paint)),
  };
}

/** One object a line. */
function jsonJournal(print: (line: string) => void): Journal {
  const write = (fields: object): void =>
    print(JSON.stringify({ time: new Date().toISOString(), ...fields }));
  return {
    introduce: ({ url, speaks }) => write({ event: "listening", url, speaks }),
    note: (event, message) => write({ event, message }),
    request: ({ milliseconds, isAborted, ...rest }) => {
      const rounded = Math.round(milliseconds * 10) / 10;
      write({ event: "request", ...rest, aborted: isAborted, milliseconds: rounded });
    },
  };
}
