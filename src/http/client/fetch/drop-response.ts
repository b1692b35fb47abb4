import type { ClientResponse } from "../session/client-session.ts";

/** Octets of a body that are received and dropped, so that its stream ends by itself. */
const MOST_DROPPED = 65_536;

/** Receives what nobody wants, if it is short; else ends its stream. It is never rejected. */
export async function dropResponse({ body, trailers }: ClientResponse): Promise<void> {
  trailers.catch(() => {});
  try {
    let dropped = 0;
    for await (const chunk of body) {
      dropped += chunk.length;
      if (dropped > MOST_DROPPED) return;
    }
  } catch {
    // There is nobody who wants to know.
  }
}
