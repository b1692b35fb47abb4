import { digitsOf } from "./frame-words.ts";

/** One thing that happens in a case. */
export type Step = ReceivedStep | CommandStep;

/** The peer sends something. */
interface ReceivedStep {
  readonly kind: "in";
  readonly text: string;
  /** The octets in hexadecimal, as they stand in the file; empty if nobody filled them in yet. */
  readonly hex: string;
  readonly remarks: readonly string[];
  /** What the engine says, then what it sends. */
  readonly answer: readonly string[];
}

/** The application asks for something. */
interface CommandStep {
  readonly kind: "do";
  readonly text: string;
  readonly remarks: readonly string[];
  readonly answer: readonly string[];
}

/** A case of a file of transcripts. */
export interface Transcript {
  readonly title: string;
  readonly role: "server" | "client";
  readonly isStarted: boolean;
  /** Words `NAME=value`: settings that the engine announces, and its options. */
  readonly options: string;
  readonly verdict: string;
  readonly steps: readonly Step[];
}

/** A file: text and cases in turn, so that it can be written again. */
export interface TranscriptFile {
  readonly parts: readonly (string | Transcript)[];
}

const BLOCK = /^```transcript\n(.*?)^```\n/ms;
const SETUP = /^(Server|Client), (after the start|from the first octet)(?:, with `([^`]*)`)?\.$/m;
const VERDICT = /^Verdict: (.*)\.$/m;

/** Reads the cases of a file: a heading, a line with the role, a line with the verdict, and a block of steps. */
export function parseTranscripts(text: string): TranscriptFile {
  const [start = "", ...sections] = text.split(/^(?=## )/m);
  return { parts: [start, ...sections.flatMap(parseSection)] };
}

/** Writes a file again, with other steps in some of its cases. */
export function renderTranscripts(
  file: TranscriptFile,
  stepsOf: (one: Transcript) => readonly Step[],
): string {
  return file.parts.map((part) => (typeof part === "string" ? part : renderSteps(stepsOf(part)))).join("");
}

/** Digits in groups, as a frame header and its payload, and long runs of one octet as `61*1000`. */
export function hexOf(octets: Uint8Array, isFrame: boolean): string {
  if (!isFrame) return shortened(octets);
  const cuts = [0, 3, 4, 5, 9, octets.length];
  const groups = cuts.slice(1).map((end, index) => octets.subarray(cuts[index], end));
  return groups.map(shortened).join(" ").trim();
}

function parseSection(section: string): (string | Transcript)[] {
  const block = BLOCK.exec(section);
  if (block === null) return [section];
  const before = section.slice(0, block.index);
  const setup = SETUP.exec(before);
  const verdict = VERDICT.exec(before);
  const title = /^## (.*)$/m.exec(before)?.[1] ?? "";
  if (setup === null || verdict === null) throw new Error(`no role or no verdict: ${title}`);
  const transcript: Transcript = {
    title,
    role: setup[1] === "Server" ? "server" : "client",
    isStarted: setup[2] === "after the start",
    options: setup[3] ?? "",
    verdict: verdict[1] as string,
    steps: parseSteps(block[1] as string),
  };
  return [before, transcript, section.slice(block.index + block[0].length)];
}

function parseSteps(block: string): Step[] {
  const steps: Step[] = [];
  let remarks: string[] = [];
  let answer: string[] = [];
  for (const line of block.split("\n").filter((one) => one.trim() !== "")) {
    const [, word = "", text = ""] = /^(\S+)\s*(.*)$/.exec(line) ?? [];
    if (word === "#") remarks.push(text);
    else if (word === "in" || word === "do") {
      answer = [];
      steps.push(
        word === "in"
          ? { kind: word, text, hex: "", remarks, answer }
          : { kind: word, text, remarks, answer },
      );
      remarks = [];
    } else if (word === "hex") steps.push({ ...(steps.pop() as ReceivedStep), hex: text });
    else if (word === "event" || word === "out") answer.push(`${word} ${text}`);
    else throw new Error(`not a line of a transcript: ${line}`);
  }
  return steps;
}

function renderSteps(steps: readonly Step[]): string {
  return `\`\`\`transcript\n${steps.map(renderStep).join("\n")}\`\`\`\n`;
}

function renderStep(step: Step): string {
  const lines = [...step.remarks.map((remark) => `# ${remark}`), renderLine(step.kind, step.text)];
  if (step.kind === "in") lines.push(renderLine("hex", step.hex));
  for (const line of step.answer) {
    const space = line.indexOf(" ");
    lines.push(renderLine(line.slice(0, space), line.slice(space + 1)));
  }
  return `${lines.join("\n")}\n`;
}

function renderLine(word: string, text: string): string {
  return `${word.padEnd(6)}${text}`.trimEnd();
}

/** The digits, with runs of one octet in short. */
function shortened(octets: Uint8Array): string {
  return digitsOf(octets)
    .replace(LONG_RUN, (run) => (run.length % 2 === 0 ? ` ${run.slice(0, 2)}*${run.length / 2} ` : run))
    .trim();
}

/** Repeated pairs of digits, from the beginning of an octet on. */
const LONG_RUN = /(..)\1{63,}/g;
