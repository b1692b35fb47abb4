import { joined } from "./wire-frames.mjs";

/**
 * A script is one input: the role and the options of the engine, then octets that it receives and calls that it gets.
 * As text it looks like this, one step a line. `3 x` repeats octets, `+` joins them into one chunk, and the outcome is
 * what the last events say.
 *
 *     # rule: An empty DATA frame needs no window (RFC 9113 section 6.9.1).
 *     # failed: outcome
 *     # role: server
 *     # options: {"initialSettings":{"4":10}}
 *     # outcome: DataReceived 1; StreamEnded 1
 *     do ["initiateConnection"]
 *     505249202a20485454502f322e300d0a0d0a534d0d0a0d0a
 *     3 x 000000040100000000
 */
export function scriptText({ rule, failed, role, options, outcome, steps }) {
  const lines = [
    `# rule: ${rule}`,
    `# failed: ${failed}`,
    `# role: ${role}`,
    `# options: ${JSON.stringify(options)}`,
    ...(outcome === undefined ? [] : [`# outcome: ${outcome}`]),
    ...steps.map((step) => (step.call === undefined ? hexLine(step) : `do ${JSON.stringify(step.call)}`)),
  ];
  return `${lines.join("\n")}\n`;
}

export function parseScript(content) {
  const lines = content.split("\n").filter((line) => line !== "");
  const heads = new Map(
    lines
      .map((line) => /^# (\w+): (.*)$/.exec(line))
      .filter((match) => match !== null)
      .map(([, name, value]) => [name, value]),
  );
  return {
    rule: heads.get("rule"),
    failed: heads.get("failed"),
    role: heads.get("role"),
    options: JSON.parse(heads.get("options")),
    outcome: heads.get("outcome"),
    steps: lines.filter((line) => !line.startsWith("#")).map(parseStep),
  };
}

function parseStep(line) {
  if (line.startsWith("do ")) return { call: JSON.parse(line.slice(3)) };
  return { octets: joined(line.split(" + ").map(parsePiece)) };
}

function parsePiece(piece) {
  const match = /^(?:(\d+) x )?((?:[0-9a-f]{2})+)$/.exec(piece);
  if (match === null) throw new Error(`no step of a script: ${piece.slice(0, 80)}`);
  return Buffer.from(match[2].repeat(Number(match[1] ?? 1)), "hex");
}

/** Octets that are one piece over and over again are written once. */
function hexLine({ octets }) {
  const hex = Buffer.from(octets).toString("hex");
  for (let unit = 9; unit <= 64 && octets.length >= 4 * unit; unit++) {
    const piece = hex.slice(0, 2 * unit);
    if (octets.length % unit !== 0) continue;
    if (piece.repeat(octets.length / unit) === hex) return `${octets.length / unit} x ${piece}`;
  }
  return hex;
}
