import type { Role } from "./octets.mjs";
import type { Random } from "./random.mjs";
import type { Script } from "./script.mjs";

export function makeScript(role: Role, random: Random): Script;
