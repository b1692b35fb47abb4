/**
 * All the state of an opened engine: as text that can be compared, and as the memory that it takes. What a call may use
 * up without a trace is left out: the notes of the field checker, the verdicts on fields, and the room in chunks that
 * nothing was written to yet.
 */
const SCRATCH = new Set([
  "_facts",
  "_reader",
  "config",
  "_tracer",
  "_clock",
  "clock",
  "configuration",
  "verdict",
]);

/** Everything, one value a line, with the path to it. Equal states have equal texts. */
export function stateText(engine) {
  const lines = [];
  const seen = new Map();
  visit("", engine, lines, seen);
  return lines.join("\n");
}

function visit(path, value, lines, seen) {
  if (typeof value === "function") return;
  if (typeof value !== "object" || value === null) {
    lines.push(`${path}=${typeof value === "string" ? JSON.stringify(value) : String(value)}`);
    return;
  }
  const before = seen.get(value);
  if (before !== undefined) {
    lines.push(`${path}->${before}`);
    return;
  }
  seen.set(value, path);
  if (ArrayBuffer.isView(value)) lines.push(`${path}=${octetsText(value)}`);
  else if (value instanceof Map) {
    lines.push(`${path}.size=${value.size}`);
    for (const [key, member] of value) visit(`${path}[${String(key)}]`, member, lines, seen);
  } else if (isChunkWriter(value)) visitWriter(path, value, lines);
  else
    for (const key of Object.keys(value))
      if (!SCRATCH.has(key)) visit(`${path}.${key}`, value[key], lines, seen);
}

/** What was written, in whatever chunks it lies. */
function visitWriter(path, writer, lines) {
  const rest = writer.chunk.subarray(writer._start, writer.position);
  lines.push(`${path}=${[...writer._finished, rest].map(octetsText).join("")}`);
}

function isChunkWriter(value) {
  return "_finished" in value && "chunk" in value;
}

function octetsText({ buffer, byteOffset, byteLength }) {
  return Buffer.from(buffer, byteOffset, byteLength).toString("hex");
}

/** Octets that the engine keeps from being collected, roughly: buffers whole, strings, and 16 for each property or entry. */
export function retained(engine) {
  const seen = new Set();
  const waiting = [engine];
  let total = 0;
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value === "string") total += value.length;
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    if (ArrayBuffer.isView(value)) {
      if (!seen.has(value.buffer)) total += value.buffer.byteLength;
      seen.add(value.buffer);
    } else if (value instanceof Map) {
      total += 32 * value.size;
      for (const entry of value) waiting.push(...entry);
    } else {
      const members = Object.keys(value);
      total += 16 * members.length;
      for (const key of members) if (!UNCOUNTED.has(key)) waiting.push(value[key]);
    }
  }
  return total;
}

const UNCOUNTED = new Set(["config", "configuration", "_tracer", "clock"]);
