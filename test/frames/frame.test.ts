import { describe, expect, it } from "vitest";
import { describeFrame } from "../../src/frames/frame.ts";
import { ascii, hex, isFault, parseOne, rawFrame, readAll, sessionOfAllTypes } from "./support.ts";

describe("describeFrame", () => {
  it("says each type in one line", () => {
    const lines = readAll([sessionOfAllTypes()], 16_384, true).map((outcome) =>
      isFault(outcome) ? `fault: ${outcome.reason}` : describeFrame(outcome),
    );
    expect(lines).toEqual([
      "SETTINGS HEADER_TABLE_SIZE=4096 INITIAL_WINDOW_SIZE=65535",
      "SETTINGS ACK",
      "HEADERS stream=1 END_STREAM END_HEADERS PADDED PRIORITY dependsOn=3 weight=16 exclusive length=12",
      "HEADERS stream=3 length=3",
      "CONTINUATION stream=3 length=0",
      "CONTINUATION stream=3 END_HEADERS length=1",
      "PRIORITY stream=5 dependsOn=1 weight=256",
      "fault: PRIORITY must be 5 octets long, not 4",
      "DATA stream=1 length=5",
      "DATA stream=1 END_STREAM PADDED length=9",
      "DATA stream=3 END_STREAM length=0",
      "RST_STREAM stream=5 error=CANCEL",
      "PUSH_PROMISE stream=1 END_HEADERS promised=2 length=6",
      "PING data=0102030405060708",
      "WINDOW_UPDATE stream=0 increment=2147483647",
      "fault: WINDOW_UPDATE must not have an increment of 0",
      'ALTSVC stream=0 origin="a.b" value="h3=\\""',
      'ORIGIN "a" "bc"',
      'PRIORITY_UPDATE prioritized=1 value="u=1"',
      "UNKNOWN type=0xfa stream=7 0xff length=3",
      'GOAWAY last=5 error=NO_ERROR debug="bye!"',
    ]);
  });

  it("leaves out debug data that is not there", () => {
    expect(describeFrame(parseOne(hex("000008 07 00 00000000  00000000 0000001f")))).toBe(
      "GOAWAY last=0 error=0x1f",
    );
  });

  it("names settings nobody knows by their number", () => {
    expect(describeFrame(parseOne(hex("000006 04 00 00000000  0a0a 00000001")))).toBe("SETTINGS 0xa0a=1");
  });

  it("shows flags that the type does not define", () => {
    expect(describeFrame(parseOne(hex("000000 00 41 00000001")))).toBe(
      "DATA stream=1 END_STREAM 0x40 length=0",
    );
  });

  it("says the stream of a frame that should be on stream 0", () => {
    expect(describeFrame(parseOne(hex("000000 0c 00 00000005")))).toBe("ORIGIN stream=5");
  });

  it("lets no octet of the peer end the line or steer a terminal", () => {
    const everyOctet = Uint8Array.from({ length: 256 }, (_, index) => index);
    const line = describeFrame(
      parseOne(rawFrame(7, 0, 0, Uint8Array.from([...new Uint8Array(8), ...everyOctet]))),
    );
    expect(line).toMatch(/^[\x20-\x7e]*$/);
    expect(line).toContain("\\x00\\x01");
    expect(line).toContain('!\\"#');
    expect(line).toContain("[\\\\]");
    expect(line).toContain("~\\x7f\\x80");
  });

  it("keeps what is printable", () => {
    const payload = Uint8Array.from([...new Uint8Array(8), ...ascii("too_many resets; 42%")]);
    expect(describeFrame(parseOne(rawFrame(7, 0, 0, payload)))).toBe(
      'GOAWAY last=0 error=NO_ERROR debug="too_many resets; 42%"',
    );
  });
});
