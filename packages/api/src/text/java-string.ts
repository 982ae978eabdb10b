/** Java's `String.trim`: everything up to the space character, and nothing else. */
export function javaTrim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 0x20) start++;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--;
  return text.slice(start, end);
}

const DIGIT = /^\p{Nd}$/u;
const OTHER_DIGITS = /(?![0-9])\p{Nd}/gu;

/** Java's `Character.isDigit` of a text's first UTF-16 unit. */
export function startsWithDigit(text: string): boolean {
  return DIGIT.test(text.charAt(0));
}

/** Digits of all scripts as 0 to 9: Java's number parsers read them all. */
export function asciiDigits(text: string): string {
  return text.replace(OTHER_DIGITS, (digit) => String(digitValue(digit.codePointAt(0) ?? 0)));
}

/** In the basic plane each script's digits start where the code ends in 0 or in 6 (hexadecimal). */
function digitValue(code: number): number {
  const base = code & ~0xf;
  const startsAtZero = DIGIT.test(String.fromCodePoint(base));
  return (code & 0xf) - (startsAtZero ? 0 : 6);
}
