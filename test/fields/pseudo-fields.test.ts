import { describe, expect, it } from "vitest";
import { MessageKind } from "../../src/fields/message-kind.ts";
import { type Pair, received } from "./support.ts";

const VALUES: Readonly<Record<string, string>> = {
  ":scheme": "https",
  ":authority": "example.org:443",
  ":path": "/",
  ":protocol": "websocket",
  ":status": "200",
};

/** Every combination of the other pseudo-header fields with this :method, or with none. */
function combinations(method: string | null): Pair[][] {
  const names = Object.keys(VALUES);
  const lists: Pair[][] = [];
  for (let set = 0; set < 1 << names.length; set++) {
    const chosen = names
      .filter((_, index) => set & (1 << index))
      .map((name): Pair => [name, VALUES[name] as string]);
    lists.push(method === null ? chosen : [[":method", method], ...chosen]);
  }
  return lists;
}

/** The combinations that pass, as names in one string each. */
function passing(kind: MessageKind, method: string | null): string[] {
  const host: Pair = ["host", "example.org:443"];
  return combinations(method)
    .filter((pairs) => received(kind, [...pairs, host]).fault === null)
    .map((pairs) => pairs.map(([name]) => name).join(" "))
    .sort();
}

describe("of all combinations of pseudo-header fields", () => {
  it("a request may have two (RFC 9113 section 8.3.1)", () => {
    expect(passing(MessageKind.REQUEST, "GET")).toEqual([
      ":method :scheme :authority :path",
      ":method :scheme :path",
    ]);
  });

  it("a CONNECT may have one, and three in all with the extended one (RFC 9113 section 8.5, RFC 8441 section 4)", () => {
    expect(passing(MessageKind.REQUEST, "CONNECT")).toEqual([
      ":method :authority",
      ":method :scheme :authority :path :protocol",
      ":method :scheme :path :protocol",
    ]);
  });

  it("a promised request may have one (RFC 9113 section 8.4.1)", () => {
    expect(passing(MessageKind.PUSHED_REQUEST, "GET")).toEqual([":method :scheme :authority :path"]);
    expect(passing(MessageKind.PUSHED_REQUEST, "CONNECT")).toEqual([]);
  });

  it("a response may have one (RFC 9113 section 8.3.2)", () => {
    expect(passing(MessageKind.RESPONSE, null)).toEqual([":status"]);
    expect(passing(MessageKind.RESPONSE, "GET")).toEqual([]);
  });

  it("a request without :method may have none (RFC 9113 section 8.3.1)", () => {
    expect(passing(MessageKind.REQUEST, null)).toEqual([]);
  });
});
