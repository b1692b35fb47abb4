/** What `body` is when the body was read by other means: a stream without an end that somebody has locked. */
export function spentStream(): ReadableStream<Uint8Array> {
  const stream = new ReadableStream({ type: "bytes" });
  stream.getReader();
  return stream;
}
