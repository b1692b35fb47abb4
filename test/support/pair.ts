export { type Pair, pair, unacquainted } from "../../src/testing/pair.ts";
