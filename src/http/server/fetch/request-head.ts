import type { HeaderField } from "../../../hpack/header-field.ts";
import { requestOrigin } from "./request-url.ts";

/** What is needed of a head before anybody asks for its fields. */
export interface RequestHead {
  readonly method: string;
  /** Null if there is none that a URL could have. */
  readonly origin: string | null;
  /** Path and query, or `*`. */
  readonly target: string;
  /** The value of Expect in lower case, or empty. */
  readonly expectation: string;
}

export function readHead(fields: readonly HeaderField[]): RequestHead {
  let method = "";
  let scheme = "";
  let authority = "";
  let target = "";
  let expectation = "";
  for (const { name, value } of fields) {
    switch (name) {
      case ":method":
        method = value;
        break;
      case ":scheme":
        scheme = value;
        break;
      case ":authority":
        authority = value;
        break;
      case ":path":
        target = value;
        break;
      case "host":
        // Where both are there they are the same, or the request would not have come here.
        if (authority === "") authority = value;
        break;
      case "expect":
        expectation = value.toLowerCase();
        break;
    }
  }
  return { method, origin: requestOrigin(scheme, authority), target, expectation };
}
