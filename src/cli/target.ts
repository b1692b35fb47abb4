import { ExitCode } from "./exit-code.ts";
import { CommandFailure } from "./failure.ts";

/** Where a request goes. */
export interface Target {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly isTls: boolean;
  /** Path and query. */
  readonly path: string;
  /** The value of Authorization that user and password of the URL come to, or null. */
  readonly authorization: string | null;
}

/**
 * Reads the URL that was given; without a scheme it is one of http.
 *
 * @throws CommandFailure if it is none.
 */
export function parseTarget(address: string): Target {
  const url = parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`);
  if (url === null) throw malformed(`${JSON.stringify(address)} is no URL`);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw malformed(`${url.protocol}// is neither http:// nor https://`);
  }
  return {
    origin: url.origin,
    isTls: url.protocol === "https:",
    path: url.pathname + url.search,
    authorization: authorizationOf(url),
  };
}

function parse(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

function malformed(message: string): CommandFailure {
  return new CommandFailure(ExitCode.MALFORMED_URL, message);
}

function authorizationOf({ username, password }: URL): string | null {
  if (username === "" && password === "") return null;
  const pair = `${decode(username)}:${decode(password)}`;
  return `Basic ${Buffer.from(pair, "utf8").toString("base64")}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
