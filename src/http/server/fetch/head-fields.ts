import { httpDate } from "../http-date.ts";
import { type FieldPair, isNamed, type ResponseParts, UNKNOWN } from "./response-parts.ts";

/**
 * The head of a response in the order in which its fields were set, `:status` in front, Content-Length and Date behind.
 *
 * @param length - what Content-Length is to say. With `UNKNOWN` it says what the application says, if anything.
 */
export function headFields({ status, fields }: ResponseParts, length: number): FieldPair[] {
  const head: FieldPair[] = [statusPair(status)];
  let hasDate = false;
  for (const field of fields) {
    const name = field[0];
    if (isNamed(name, "date")) hasDate = true;
    if (length === UNKNOWN || !isNamed(name, "content-length")) head.push(field);
  }
  if (length >= 0) head.push(["content-length", String(length)]);
  if (!hasDate) head.push(datePair());
  return head;
}

const STATUS_PAIRS: FieldPair[] = [];

function statusPair(status: number): FieldPair {
  STATUS_PAIRS[status] ??= [":status", String(status)];
  return STATUS_PAIRS[status];
}

let lastDate: FieldPair = ["date", ""];

function datePair(): FieldPair {
  const date = httpDate();
  if (lastDate[1] !== date) lastDate = ["date", date];
  return lastDate;
}
