/** What an engine does with octets, in a form that can be compared. */

/** Everything that the engine tells of these chunks, and what it sends. Chunks are written over as they were dealt with. */
export function account(engine, chunks) {
  const events = [];
  for (const chunk of chunks) {
    for (const event of engine.receiveData(chunk)) events.push(JSON.stringify(event, plain));
    chunk.fill(0xa5);
  }
  return { events, sent: Buffer.from(engine.dataToSend()).toString("hex") };
}

function plain(_key, value) {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  return value instanceof Map ? [...value] : value;
}
