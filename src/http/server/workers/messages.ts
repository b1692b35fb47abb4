/** What the primary process and its workers say to each other, beside what `node:cluster` says. */

/** To a worker. */
export type Order =
  /** It may begin; `shared` is what the primary has prepared for all. */
  | { readonly h2wire: "start"; readonly shared: unknown }
  /** It is to take no more connections, and to end when its requests are done, at the latest after so many milliseconds. */
  | { readonly h2wire: "drain"; readonly deadline: number }
  /** Every connection that was on its way to it has gone to another. */
  | { readonly h2wire: "leave" };

/** From a worker. */
export type Report =
  /** It hears, and waits for its start. */
  | { readonly h2wire: "hello" }
  /** It listens. */
  | { readonly h2wire: "ready"; readonly url: string }
  /** It does not listen any more. */
  | { readonly h2wire: "closed" };

/** The kind of a message, or null for one of somebody else. */
export function kindOf(message: unknown): string | null {
  if (typeof message !== "object" || message === null || !("h2wire" in message)) return null;
  return typeof message.h2wire === "string" ? message.h2wire : null;
}
