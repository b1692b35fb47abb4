export class Random {
  constructor(seed: number);
  next(): number;
  below(end: number): number;
  between(least: number, most: number): number;
  once(times: number): boolean;
  pick<Value>(list: readonly Value[]): Value;
  octets(length: number): Uint8Array;
}
