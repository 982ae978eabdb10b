import { ZONE_NAMES } from './gen/zone-names.ts';

/** A time zone read from a text. */
export interface ParsedZone {
  /** East of Greenwich, milliseconds. */
  readonly offsetMs: number;
  /** Where the text goes on. */
  readonly end: number;
}

const MINUTE_MS = 60_000;

/**
 * Reads a time zone as the letters `z` and `Z` (RFC 822, `GMT+1:00`, names) or `X` (ISO 8601) of a
 * date pattern do; `null` when there is none. A name stands for the offset it has today.
 */
export function parseZone(
  text: string,
  at: number,
  letter: string,
  count: number,
): ParsedZone | null {
  if (letter === 'X') return parseIso(text, at, count);
  const sign = signAt(text, at);
  if (sign !== 0) return parseOffset(text, at + 1, sign, 0, false);
  if (text.slice(at, at + 3).toUpperCase() !== 'GMT') return parseName(text, at);
  const gmtSign = signAt(text, at + 3);
  if (gmtSign === 0) return { offsetMs: 0, end: at + 3 };
  return parseOffset(text, at + 4, gmtSign, 0, true);
}

function parseIso(text: string, at: number, count: number): ParsedZone | null {
  if (text[at] === 'Z') return { offsetMs: 0, end: at + 1 };
  const sign = signAt(text, at);
  return sign === 0 ? null : parseOffset(text, at + 1, sign, count, count === 3);
}

function signAt(text: string, at: number): number {
  if (text[at] === '+') return 1;
  return text[at] === '-' ? -1 : 0;
}

/**
 * Hours and minutes.
 *
 * @param count letters of an ISO zone (one: hours only), 0 for the other forms
 * @param hasColon whether hours and minutes have a colon between them
 */
function parseOffset(
  text: string,
  at: number,
  sign: number,
  count: number,
  hasColon: boolean,
): ParsedZone | null {
  const isOneDigitAllowed = count === 0 && hasColon;
  const hourForm = isOneDigitAllowed ? '[0-9]{1,2}' : '[0-9]{2}';
  const minuteForm = count === 1 ? '' : `${hasColon ? ':' : ''}([0-9]{2})`;
  const form = new RegExp(`(${hourForm})${minuteForm}`, 'y');
  form.lastIndex = at;
  const match = form.exec(text);
  if (match === null) return null;
  const hours = Number(match[1]);
  const minutes = Number(match[2] ?? 0);
  if (hours > 23 || minutes > 59) return null;
  return { offsetMs: sign * (hours * 60 + minutes) * MINUTE_MS, end: at + match[0].length };
}

/** The first name, in Java's order, that the text goes on with. */
function parseName(text: string, at: number): ParsedZone | null {
  for (const [name, offsetMinutes] of ZONE_NAMES) {
    const end = at + name.length;
    if (text.slice(at, end).toLowerCase() === name) {
      return { offsetMs: offsetMinutes * MINUTE_MS, end };
    }
  }
  return null;
}
