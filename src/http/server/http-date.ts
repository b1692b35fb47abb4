let dateText = "";
let dateSecond = -1;

/** The time as HTTP writes it (RFC 9110 section 5.6.7), made once a second. */
export function httpDate(): string {
  const second = Math.floor(Date.now() / 1000);
  if (second !== dateSecond) {
    dateSecond = second;
    dateText = new Date(second * 1000).toUTCString();
  }
  return dateText;
}
