/**
 * Gives octets to the reader of a stream. Such a stream takes the memory of what it gets away, and here that is shared with
 * others: it gets copies. To be called while a pull is under way, so that the next one comes when the rest was put back.
 *
 * @returns what did not fit into the memory that the reader brought, or null.
 */
export function deliverOctets(
  controller: ReadableByteStreamController,
  octets: Uint8Array,
): Uint8Array | null {
  const view = controller.byobRequest?.view as Uint8Array | null | undefined;
  if (view === null || view === undefined) {
    // Not by `slice`, which for a Buffer copies nothing.
    controller.enqueue(new Uint8Array(octets));
    return null;
  }
  const length = Math.min(view.byteLength, octets.length);
  new Uint8Array(view.buffer, view.byteOffset, length).set(octets.subarray(0, length));
  (controller.byobRequest as ReadableStreamBYOBRequest).respond(length);
  return length < octets.length ? octets.subarray(length) : null;
}

export function closeOctetStream(controller: ReadableByteStreamController): void {
  controller.close();
  // A reader that brought memory of its own waits for it.
  controller.byobRequest?.respond(0);
}
