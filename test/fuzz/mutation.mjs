import { frame, joined, TYPE, uint32 } from "./wire-frames.mjs";

/** Does one thing to a list of frames that their sender would not have done. The list is changed in place. */
export function meddle(frames, random) {
  if (frames.length === 0) return;
  random.pick(WAYS)(frames, random.below(frames.length), random);
}

const IDS = [0, 1, 1, 2, 3, 4, 5, 7, 9, 101, 0x7fffffff, 0x80000001];
const NUMBERS = [0, 1, 2, 255, 16_384, 65_535, 65_536, 0x7fff0000, 0x7fffffff, 0x80000000, 0xffffffff];

const WAYS = [
  // The order and number of frames.
  (frames, place, random) => {
    const other = random.below(frames.length);
    [frames[place], frames[other]] = [frames[other], frames[place]];
  },
  (frames, place) => frames.splice(place, 1),
  (frames, place) => frames.splice(place, 0, copy(frames[place])),
  (frames, place, random) => {
    const times = random.pick([2, 5, 20, 120]);
    if (frames[place].payload.length > 2_000) return;
    frames.splice(place, 0, ...Array.from({ length: times }, () => copy(frames[place])));
  },
  (frames, place, random) => {
    const end = Math.min(frames.length, place + random.between(1, 5));
    frames.splice(random.below(frames.length), 0, ...frames.slice(place, end).map(copy));
  },
  // What a frame header says.
  (frames, place, random) => {
    frames[place].length = Math.max(0, frames[place].payload.length + random.pick([-9, -1, 1, 9, 300]));
  },
  (frames, place, random) => {
    frames[place].length = random.pick([0, 1, 16_384, 16_385, 0xffffff]);
  },
  (frames, place, random) => {
    frames[place].flags ^= 1 << random.below(8);
  },
  (frames, place, random) => {
    frames[place].streamId = random.pick(IDS);
  },
  (frames, place, random) => {
    frames[place].streamId = frames[random.below(frames.length)].streamId;
  },
  (frames, place, random) => {
    frames[place].type = random.pick([...Object.values(TYPE), 0x0b, 0xff]);
  },
  // What is in a frame.
  (frames, place, random) => {
    const target = frames[place];
    target.payload = target.payload.slice(0, random.below(target.payload.length + 1));
  },
  (frames, place, random) => {
    const { payload } = frames[place];
    if (payload.length > 0) payload[random.below(payload.length)] = random.below(256);
  },
  (frames, place, random) => {
    const { payload } = frames[place];
    if (payload.length > 0) payload[random.below(payload.length)] ^= 1 << random.below(8);
  },
  (frames, place, random) => {
    const { payload } = frames[place];
    if (payload.length >= 4) payload.set(uint32(random.pick(NUMBERS)), 4 * random.below(payload.length >> 2));
  },
  (frames, place, random) => {
    const target = frames[place];
    const position = random.below(target.payload.length + 1);
    const { payload } = frames[random.below(frames.length)];
    target.payload = joined([target.payload.subarray(0, position), payload.subarray(0, 16_000)]);
  },
  (frames, place, random) => {
    const target = frames[place];
    target.payload = joined([target.payload, random.octets(random.between(1, 9))]);
  },
  // Frames that were not there.
  (frames, place, random) => {
    const type = random.pick([...Object.values(TYPE), 0x0b, 0xff]);
    const payload = random.octets(random.pick([0, 4, 5, 6, 8, 8, 9, 30]));
    frames.splice(place, 0, frame(type, random.below(256), random.pick(IDS), payload));
  },
  (frames, place, random) => {
    frames.splice(place, 0, frame(TYPE.WINDOW_UPDATE, 0, random.pick(IDS), uint32(random.pick(NUMBERS))));
  },
  (frames, place, random) => {
    const payload = [0, random.pick([1, 2, 3, 4, 5, 6, 8, 9]), ...uint32(random.pick(NUMBERS))];
    frames.splice(place, 0, frame(TYPE.SETTINGS, 0, 0, payload));
  },
  (frames, place, random) => {
    frames.splice(place, 0, frame(TYPE.RST_STREAM, 0, random.pick(IDS), uint32(random.pick(NUMBERS))));
  },
];

function copy({ type, flags, streamId, payload, length }) {
  return { type, flags, streamId, payload: payload.slice(), length };
}
