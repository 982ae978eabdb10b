import { DataError } from '@sluice/api';

/** A date and time, or a time alone, with an offset, as Debezium writes them (ISO 8601). */
const DAY = '(?:([+-]?[0-9]{4,9})-([0-9]{2})-([0-9]{2})T)?';
const CLOCK = '([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\\.([0-9]{1,9}))?)?';
const OFFSET = '(Z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)';
const FORM = new RegExp(`^${DAY}${CLOCK}${OFFSET}$`);

/** The parts of a zoned text. Milliseconds are those of the local time, as if it were UTC. */
export interface ZonedTime {
  readonly localMillis: number;
  readonly offsetMs: number;
  /** Digits after the seconds, without zeros at their end. */
  readonly fraction: string;
}

/** @throws DataError when it is no such text */
export function parseZoned(text: string): ZonedTime {
  const parts = FORM.exec(text);
  if (parts === null) throw new DataError(`Text '${text}' could not be parsed as a zoned time`);
  const [, year = '1970', month = '01', day = '01', hour, minute, second = '0'] = parts;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second));
  return {
    localMillis: date.getTime(),
    offsetMs: offsetOf(parts[8] ?? 'Z'),
    fraction: (parts[7] ?? '').replace(/0+$/, ''),
  };
}

/** The same instant with another offset; `hasDate` is false for a time of day alone. */
export function zonedText(time: ZonedTime, offsetMs: number, hasDate: boolean): string {
  const local = new Date(time.localMillis - time.offsetMs + offsetMs);
  const iso = local.toISOString();
  const [day = '', rest = ''] = iso.split('T');
  const clock = rest.slice(0, 8) + (time.fraction === '' ? '' : `.${time.fraction}`);
  const plainDay = day.replace(/^\+0(?=[0-9]{5})/, '+');
  return (hasDate ? `${plainDay}T` : '') + clock + offsetText(offsetMs);
}

function offsetOf(text: string): number {
  if (text === 'Z') return 0;
  const [hours = '0', minutes = '0', seconds = '0'] = text.slice(1).split(':');
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return (text.startsWith('-') ? -total : total) * 1000;
}

function offsetText(offsetMs: number): string {
  if (offsetMs === 0) return 'Z';
  const total = Math.abs(offsetMs) / 1000;
  const parts = [Math.floor(total / 3600), Math.floor(total / 60) % 60];
  if (total % 60 !== 0) parts.push(total % 60);
  const digits = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return (offsetMs < 0 ? '-' : '+') + digits;
}
