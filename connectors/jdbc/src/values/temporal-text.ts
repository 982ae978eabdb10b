import { ConnectError } from '@sluice/api';
import type { TimeZone } from './time-zone.ts';

const DAY_MS = 86_400_000;
const NANOS_PER_MS = 1_000_000n;
/** 15 October 1582, in milliseconds since 1970: before it, Java's calendar is the Julian. */
const GREGORIAN_FROM_MS = -141_427 * DAY_MS;
/** 1 March of the year 0 (Julian), in days since 1970. */
const JULIAN_MARCH_0 = -719_470;

/** `date.calendar.system`: which date a day before 1582 has. */
export type Calendar = 'LEGACY' | 'PROLEPTIC_GREGORIAN';

/** `2020-07-01`, from milliseconds of a wall clock. */
export function dateText(wallMs: number, calendar: Calendar = 'PROLEPTIC_GREGORIAN'): string {
  if (calendar === 'LEGACY' && wallMs < GREGORIAN_FROM_MS) return julianDate(wallMs);
  const date = new Date(wallMs);
  if (Number.isNaN(date.getTime())) throw new ConnectError(`${wallMs} ms since 1970 is no time.`);
  const iso = date.toISOString();
  return iso.slice(0, iso.indexOf('T'));
}

/** `12:34:56.123456`, from nanoseconds of a day; digits are those of the fraction (0 to 9). */
export function timeText(nanosOfDay: bigint, digits: number): string {
  const ms = Number(nanosOfDay / NANOS_PER_MS);
  const clock = new Date(ms).toISOString().slice('1970-01-01T'.length, -1);
  if (digits <= 3) return clock.slice(0, digits === 0 ? -4 : clock.length - 3 + digits);
  const below = String(nanosOfDay % NANOS_PER_MS).padStart(6, '0');
  return clock + below.slice(0, digits - 3);
}

/** `2020-07-01 12:34:56.123` in a zone, from an instant in milliseconds. */
export function timestampText(instantMs: number, zone: TimeZone, calendar?: Calendar): string {
  const wall = zone.wallOf(instantMs);
  const iso = new Date(wall).toISOString();
  // Years of four digits, which are nearly all, need one call only.
  if (wall >= GREGORIAN_FROM_MS && iso.length === 24) {
    return `${iso.slice(0, 10)} ${iso.slice(11, 23)}`;
  }
  return `${dateText(wall, calendar)} ${iso.slice(iso.indexOf('T') + 1, -1)}`;
}

/** As {@link timestampText} from nanoseconds, with that many digits of a second. */
export function timestampNanosText(
  instantNanos: bigint,
  zone: TimeZone,
  digits: number,
  calendar?: Calendar,
): string {
  const ms = floorDiv(instantNanos, NANOS_PER_MS);
  const text = timestampText(Number(ms), zone, calendar);
  const below = String(instantNanos - ms * NANOS_PER_MS).padStart(6, '0');
  return digits >= 3 ? text + below.slice(0, digits - 3) : text.slice(0, digits - 3);
}

/**
 * The instant of a cell such as `2020-07-01 12:34:56.123456`, in nanoseconds since 1970; an offset
 * that follows is heeded, else the text is a wall clock of `zone`. `null` when it is no time
 * (`infinity`, `0000-00-00`).
 */
export function instantNanosOf(text: string, zone: TimeZone, calendar?: Calendar): bigint | null {
  const match =
    /^(\d{4,6})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?( BC)?$/.exec(
      text,
    );
  if (match === null) return null;
  const [, y = '', mo = '', d = '', h = '0', mi = '0', s = '0', fraction = '', offset, bc] = match;
  if (mo === '00' || d === '00') return null;
  const year = bc === undefined ? Number(y) : 1 - Number(y);
  const day = dayOf(year, Number(mo), Number(d), calendar) * DAY_MS;
  const wallMs = day + (Number(h) * 3600 + Number(mi) * 60 + Number(s)) * 1000;
  const ms = offset === undefined ? zone.instantOf(wallMs) : wallMs - offsetMs(offset);
  return BigInt(ms) * NANOS_PER_MS + BigInt(fraction.padEnd(9, '0'));
}

function offsetMs(text: string): number {
  if (text === 'Z') return 0;
  const minutes =
    Number(text.slice(1, 3)) * 60 + Number(text.slice(-2)) * (text.length > 3 ? 1 : 0);
  return (text.startsWith('-') ? -minutes : minutes) * 60_000;
}

/** Days since 1970 of a date. */
function dayOf(year: number, month: number, day: number, calendar?: Calendar): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const ms = date.getTime();
  if (calendar !== 'LEGACY' || ms >= GREGORIAN_FROM_MS) return ms / DAY_MS;
  const months = year * 12 + (month - 3);
  const marchYear = Math.floor(months / 12);
  const monthOfYear = months - marchYear * 12;
  const daysBefore = Math.floor((153 * monthOfYear + 2) / 5);
  return JULIAN_MARCH_0 + Math.floor((1461 * marchYear) / 4) + daysBefore + day - 1;
}

function julianDate(wallMs: number): string {
  const days = Math.floor(wallMs / DAY_MS) - JULIAN_MARCH_0;
  const marchYear = Math.floor((4 * days + 3) / 1461);
  const dayOfYear = days - Math.floor((1461 * marchYear) / 4);
  const monthOfYear = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthOfYear < 10 ? monthOfYear + 3 : monthOfYear - 9;
  const year = marchYear + (month <= 2 ? 1 : 0);
  const day = dayOfYear - Math.floor((153 * monthOfYear + 2) / 5) + 1;
  const pad = (n: number, width: number): string => String(n).padStart(width, '0');
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}
