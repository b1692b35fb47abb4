import { describe, expect, it } from "vitest";
import { leavePlain, paintFor, printableOctets, printableText } from "../../src/cli/terminal.ts";

describe("printableOctets: byte strings of a peer", () => {
  it("leaves printable ASCII as it is", () => {
    expect(printableOctets("text/html; q=0.5 ~")).toBe("text/html; q=0.5 ~");
  });

  it("shows what could steer a terminal, and all octets above ASCII, in hexadecimal", () => {
    expect(printableOctets("a\x1b[2Jb\r\n\x00\x7f\x9b\xff")).toBe("a\\x1b[2Jb\\x0d\\x0a\\x00\\x7f\\x9b\\xff");
  });
});

describe("printableText: text of any script", () => {
  it("leaves letters of any script as they are", () => {
    expect(printableText("naïve 日本 😀")).toBe("naïve 日本 😀");
  });

  it("shows control, format and separator characters in hexadecimal", () => {
    expect(printableText("\x1b]0;x\x07\u202e\u2028\x85")).toBe("\\x1b]0;x\\x07\\u{202e}\\u{2028}\\x85");
  });
});

describe("paintFor: colours", () => {
  const stream = (isTTY: boolean, colours: boolean): NodeJS.WriteStream =>
    ({ isTTY, hasColors: () => colours }) as unknown as NodeJS.WriteStream;

  it("paints for a terminal that has colours", () => {
    expect(paintFor(stream(true, true))("red", "x")).toBe("\x1b[31mx\x1b[39m");
  });

  it("paints nothing for a terminal without colours, nor for a pipe", () => {
    expect(paintFor(stream(true, false))("red", "x")).toBe("x");
    expect(paintFor({} as NodeJS.WriteStream)("bold", "x")).toBe("x");
    expect(leavePlain("bold", "x")).toBe("x");
  });
});
