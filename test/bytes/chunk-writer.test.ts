import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ChunkWriter } from "../../src/bytes/chunk-writer.ts";

const octetsOf = (chunks: readonly Uint8Array[]): number[] => chunks.flatMap((chunk) => [...chunk]);

describe("ChunkWriter", () => {
  it("hands over what was written, in order", () => {
    const writer = new ChunkWriter();
    writer.write(Uint8Array.of(1, 2));
    writer.write(Uint8Array.of(3));
    expect(writer.length).toBe(3);
    expect(octetsOf(writer.take())).toEqual([1, 2, 3]);
    expect(writer.length).toBe(0);
    expect(writer.take()).toEqual([]);
  });

  it("puts small parts into one chunk", () => {
    const writer = new ChunkWriter();
    for (let part = 0; part < 50; part++) writer.write(Uint8Array.of(part, part));
    expect(writer.take()).toHaveLength(1);
  });

  it("copies what is written", () => {
    const writer = new ChunkWriter();
    const octets = Uint8Array.of(1);
    writer.write(octets);
    octets[0] = 9;
    expect(octetsOf(writer.take())).toEqual([1]);
  });

  it("lets codecs write octet by octet behind ensure()", () => {
    const writer = new ChunkWriter();
    writer.ensure(2);
    writer.chunk[writer.position++] = 7;
    writer.chunk[writer.position++] = 8;
    expect(octetsOf(writer.take())).toEqual([7, 8]);
  });

  it("keeps everything since mark() contiguous, however far it grows", () => {
    const writer = new ChunkWriter();
    writer.write(new Uint8Array(500).fill(1));
    writer.mark();
    for (let part = 0; part < 300; part++) {
      writer.write(new Uint8Array(100).fill(2));
      writer.chunk[writer.markPosition] = part;
    }
    const octets = octetsOf(writer.take());
    expect(octets.slice(0, 500)).toEqual(new Array(500).fill(1));
    expect(octets[500]).toBe(299 & 0xff);
    expect(octets.slice(501)).toEqual(new Array(29_999).fill(2));
  });

  it("takes back to the mark, also when the part moved meanwhile", () => {
    const writer = new ChunkWriter();
    writer.write(Uint8Array.of(1));
    writer.mark();
    writer.write(new Uint8Array(100_000));
    writer.rewind();
    expect(writer.length).toBe(1);
    writer.write(Uint8Array.of(2));
    expect(octetsOf(writer.take())).toEqual([1, 2]);
  });

  it("adopts octets by reference, between what was written before and after", () => {
    const writer = new ChunkWriter();
    const adopted = Uint8Array.of(5, 6);
    writer.write(Uint8Array.of(4));
    writer.adopt(adopted);
    writer.write(Uint8Array.of(7));
    expect(writer.length).toBe(4);
    const chunks = writer.take();
    expect(octetsOf(chunks)).toEqual([4, 5, 6, 7]);
    expect(chunks[1]).toBe(adopted);
  });

  it("does not take back what was adopted", () => {
    const writer = new ChunkWriter();
    writer.mark();
    writer.write(Uint8Array.of(1));
    writer.adopt(Uint8Array.of(2));
    writer.write(Uint8Array.of(3));
    writer.rewind();
    expect(octetsOf(writer.take())).toEqual([1, 2]);
  });

  it("joins what is taken as one array, at most as many octets as asked for", () => {
    const writer = new ChunkWriter();
    writer.write(Uint8Array.of(1, 2));
    writer.adopt(Uint8Array.of(3, 4));
    writer.write(Uint8Array.of(5));
    expect([...writer.takeOctets(3)]).toEqual([1, 2, 3]);
    expect(writer.length).toBe(2);
    expect([...writer.takeOctets(0)]).toEqual([]);
    writer.write(Uint8Array.of(6));
    expect([...writer.takeOctets()]).toEqual([4, 5, 6]);
    expect([...writer.takeOctets(10)]).toEqual([]);
  });

  it("agrees with a plain list of octets, and never touches what was taken", () => {
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 60 }), (commands) => {
        const run = new Run();
        for (const command of commands) run.execute(command);
        run.check();
      }),
      { numRuns: 300 },
    );
  });
});

interface Command {
  readonly name: "mark" | "rewind" | "take" | "write" | "adopt" | "ensure" | "takeOctets" | "patch";
  /** Octets, where the command has an amount; for "patch" the place behind the mark. */
  readonly size: number;
}

const anyCommand: fc.Arbitrary<Command> = fc.record({
  name: fc.constantFrom(
    "write",
    "write",
    "write",
    "adopt",
    "ensure",
    "patch",
    "mark",
    "rewind",
    "take",
    "takeOctets",
  ),
  size: fc.oneof(fc.nat(20), fc.nat(700), fc.constantFrom(0, 511, 512, 513, 70_000)),
});

/** A writer beside the model: one array of what was not taken yet, and where the contiguous part begins. */
class Run {
  readonly #writer = new ChunkWriter();
  #expected = new Uint8Array(0);
  #mark = 0;
  #next = 1;
  readonly #taken: { chunk: Uint8Array; copy: Uint8Array }[] = [];

  execute({ name, size }: Command): void {
    if (name === "write") this.#append(size, (octets) => this.#writer.write(octets));
    if (name === "adopt") this.#adopt(size);
    if (name === "ensure") this.#writer.ensure(size);
    if (name === "patch") this.#patch(size);
    if (name === "mark") this.#markHere();
    if (name === "rewind") this.#rewind();
    if (name === "take") this.#take(this.#expected.length, this.#writer.take());
    if (name === "takeOctets") this.#take(size, [this.#writer.takeOctets(size)]);
    expect(this.#writer.length).toBe(this.#expected.length);
    expect(this.#writer.position - this.#writer.markPosition).toBe(this.#expected.length - this.#mark);
  }

  check(): void {
    this.#take(this.#expected.length, this.#writer.take());
    for (const { chunk, copy } of this.#taken) expect(Buffer.compare(chunk, copy)).toBe(0);
  }

  #append(size: number, append: (octets: Uint8Array) => void): void {
    const octets = Uint8Array.from({ length: size }, () => this.#next++ & 0xff);
    append(octets);
    this.#expected = Uint8Array.from(Buffer.concat([this.#expected, octets]));
  }

  #adopt(size: number): void {
    this.#append(size, (octets) => this.#writer.adopt(octets));
    this.#mark = this.#expected.length;
  }

  #patch(place: number): void {
    const position = this.#writer.markPosition + place;
    if (position >= this.#writer.position) return;
    this.#writer.chunk[position] = 0xee;
    this.#expected[this.#mark + place] = 0xee;
  }

  #markHere(): void {
    this.#writer.mark();
    this.#mark = this.#expected.length;
  }

  #rewind(): void {
    this.#writer.rewind();
    this.#expected = this.#expected.slice(0, this.#mark);
  }

  #take(amount: number, chunks: readonly Uint8Array[]): void {
    for (const chunk of chunks) this.#taken.push({ chunk, copy: Uint8Array.from(chunk) });
    expect(Buffer.compare(Buffer.concat(chunks), this.#expected.subarray(0, amount))).toBe(0);
    this.#expected = this.#expected.slice(amount);
    this.#mark = this.#expected.length;
  }
}
