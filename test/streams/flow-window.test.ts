import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ReceiveWindow, SendWindow } from "../../src/streams/flow-window.ts";

const LARGEST = 2 ** 31 - 1;

describe("what the peer lets us send (RFC 9113 section 6.9)", () => {
  it("shrinks by what is sent and grows by WINDOW_UPDATE", () => {
    const window = new SendWindow(65_535);
    window.consume(65_535);
    expect(window.available).toBe(0);
    expect(window.adjust(10)).toBe(true);
    expect(window.available).toBe(10);
  });

  it("goes below zero when SETTINGS make it smaller, and back (section 6.9.2)", () => {
    const window = new SendWindow(65_535);
    window.consume(60_000);
    expect(window.adjust(16_384 - 65_535)).toBe(true);
    expect(window.available).toBe(-43_616);
    window.adjust(43_617);
    expect(window.available).toBe(1);
  });

  it("takes 2^31 - 1 octets and not one more; then it stays as it was (section 6.9.1)", () => {
    const window = new SendWindow(65_535);
    expect(window.adjust(LARGEST - 65_535)).toBe(true);
    expect(window.adjust(1)).toBe(false);
    expect(window.available).toBe(LARGEST);
  });
});

describe("what we let the peer send (RFC 9113 section 6.9)", () => {
  it("may be used up to the last octet, and not beyond", () => {
    const window = new ReceiveWindow(100);
    expect(window.receive(100)).toBe(true);
    expect(window.receive(0)).toBe(true);
    expect(window.receive(1)).toBe(false);
  });

  it("lets a frame without octets in, even below zero (section 6.9.1)", () => {
    const window = new ReceiveWindow(100);
    window.receive(60);
    window.adjust(-100);
    expect(window.available).toBe(-60);
    expect(window.receive(0)).toBe(true);
    expect(window.receive(1)).toBe(false);
  });

  it("opens again once half of it was processed, rounded down: 32,767 of 65,535", () => {
    const window = new ReceiveWindow(65_535);
    window.receive(40_000);
    expect(window.acknowledge(32_766)).toBe(0);
    expect(window.acknowledge(1)).toBe(32_767);
    expect(window.available).toBe(65_535 - 40_000 + 32_767);
  });

  it("opens early for a peer at zero once more than 1,024 octets were processed", () => {
    const window = new ReceiveWindow(65_535);
    window.receive(65_535);
    expect(window.acknowledge(1_024)).toBe(0);
    expect(window.acknowledge(1)).toBe(1_025);
  });

  it("opens early for a peer at zero once more than a quarter of a small window was processed", () => {
    const window = new ReceiveWindow(400);
    window.receive(400);
    expect(window.acknowledge(100)).toBe(0);
    expect(window.acknowledge(1)).toBe(101);
  });

  it("does not hurry for a peer that has one octet left", () => {
    const window = new ReceiveWindow(65_535);
    window.receive(65_534);
    expect(window.acknowledge(1_025)).toBe(0);
  });

  it("says nothing where nothing was processed", () => {
    expect(new ReceiveWindow(0).acknowledge(0)).toBe(0);
    expect(new ReceiveWindow(1).acknowledge(0)).toBe(0);
  });

  it("counts what was processed from the last update on", () => {
    const window = new ReceiveWindow(100);
    window.receive(100);
    expect(window.acknowledge(50)).toBe(50);
    expect(window.acknowledge(49)).toBe(0);
    expect(window.acknowledge(1)).toBe(50);
  });

  it("never opens beyond its size, however much is acknowledged", () => {
    const window = new ReceiveWindow(100);
    window.receive(60);
    expect(window.acknowledge(1_000)).toBe(60);
    expect(window.available).toBe(100);
  });

  it("takes an increment by hand as its new size", () => {
    const window = new ReceiveWindow(100);
    expect(window.open(50)).toBe(true);
    expect(window.size).toBe(150);
    window.receive(150);
    expect(window.acknowledge(75)).toBe(75);
  });

  it("keeps its size where an increment only gives back what was received", () => {
    const window = new ReceiveWindow(100);
    window.receive(80);
    window.open(30);
    expect([window.available, window.size]).toEqual([50, 100]);
  });

  it("takes no increment beyond 2^31 - 1; then it stays as it was (section 6.9.1)", () => {
    const window = new ReceiveWindow(LARGEST - 1);
    expect(window.open(2)).toBe(false);
    expect([window.available, window.size]).toEqual([LARGEST - 1, LARGEST - 1]);
    expect(window.open(1)).toBe(true);
  });

  it("moves with our SETTINGS_INITIAL_WINDOW_SIZE, below zero too (section 6.9.2)", () => {
    const window = new ReceiveWindow(65_535);
    window.receive(1_000);
    expect(window.adjust(500 - 65_535)).toBe(true);
    expect([window.available, window.size]).toEqual([-500, 500]);
    expect(window.adjust(LARGEST)).toBe(true);
    expect(window.adjust(LARGEST)).toBe(false);
  });

  it("moves up to 2^31 - 1 octets with our SETTINGS_INITIAL_WINDOW_SIZE, and not one more (section 6.9.2)", () => {
    const window = new ReceiveWindow(65_535);
    expect(window.adjust(LARGEST - 65_535)).toBe(true);
    expect(window.adjust(1)).toBe(false);
    expect([window.available, window.size]).toEqual([LARGEST, LARGEST]);
  });

  it("loses no octet: what is open, what was received and what was given back always add up", () => {
    const operation = fc.record({
      what: fc.constantFrom("receive", "acknowledge", "open", "adjust"),
      octets: fc.nat({ max: 70_000 }),
    });
    fc.assert(
      fc.property(fc.nat({ max: 200_000 }), fc.array(operation, { maxLength: 40 }), (size, operations) => {
        const window = new ReceiveWindow(size);
        let expected = size;
        for (const { what, octets } of operations) {
          if (what === "receive") {
            window.receive(octets);
            expected -= octets;
          } else if (what === "acknowledge") expected += window.acknowledge(octets);
          else if (what === "open") expected += window.open(octets) ? octets : 0;
          else expected += window.adjust(octets - 35_000) ? octets - 35_000 : 0;
          expect(window.available).toBe(expected);
          expect(window.available).toBeLessThanOrEqual(window.size);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("never lets a peer starve: once all that came is acknowledged, it may send again", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 30_000 }),
        (size, piece) => {
          const window = new ReceiveWindow(size);
          for (let step = 0; step < 100; step++) {
            const now = Math.min(piece, window.available);
            expect(now).toBeGreaterThan(0);
            window.receive(now);
            window.acknowledge(now);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
