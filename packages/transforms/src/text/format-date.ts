import { AM_PM, ERAS, MONTHS, WEEKDAYS, shortName } from './date-symbols.ts';
import type { PatternField, PatternPart } from './date-pattern.ts';
import { calendarFields, type CalendarFields } from './java-calendar.ts';

/** An instant by a pattern, in UTC. Mirrors `SimpleDateFormat.format`. */
export function formatDate(parts: readonly PatternPart[], millis: number): string {
  const fields = calendarFields(millis);
  let text = '';
  for (const part of parts) text += typeof part === 'string' ? part : fieldText(part, fields);
  return text;
}

function fieldText({ letter, count }: PatternField, fields: CalendarFields): string {
  switch (letter) {
    case 'G':
      return ERAS[fields.era] ?? '';
    case 'y':
      return yearText(fields.year, count);
    case 'Y':
      return yearText(fields.weekYear, count);
    case 'M':
    case 'L':
      return count < 3 ? padded(fields.month + 1, count) : nameOf(MONTHS, fields.month, count);
    case 'E':
      return nameOf(WEEKDAYS, fields.dayOfWeek - 1, count);
    case 'a':
      return AM_PM[fields.hour < 12 ? 0 : 1] ?? '';
    case 'z':
      return count < 4 ? 'UTC' : 'Coordinated Universal Time';
    case 'Z':
      return '+0000';
    case 'X':
      return 'Z';
    default:
      return padded(numberOf(letter, fields), count);
  }
}

function numberOf(letter: string, fields: CalendarFields): number {
  switch (letter) {
    case 'd':
      return fields.dayOfMonth;
    case 'H':
      return fields.hour;
    case 'k':
      return fields.hour || 24;
    case 'K':
      return fields.hour % 12;
    case 'h':
      return fields.hour % 12 || 12;
    case 'm':
      return fields.minute;
    case 's':
      return fields.second;
    case 'S':
      return fields.millisecond;
    case 'D':
      return fields.dayOfYear;
    case 'F':
      return fields.dayOfWeekInMonth;
    case 'w':
      return fields.weekOfYear;
    case 'W':
      return fields.weekOfMonth;
    default:
      // 'u': 1 is Monday.
      return fields.dayOfWeek === 1 ? 7 : fields.dayOfWeek - 1;
  }
}

/** Two letters mean two digits; any other number of them the least number of digits. */
function yearText(year: number, count: number): string {
  return count === 2 ? padded(((year % 100) + 100) % 100, 2) : padded(year, count);
}

function padded(value: number, count: number): string {
  const digits = String(Math.abs(value)).padStart(count, '0');
  return value < 0 ? `-${digits}` : digits;
}

function nameOf(names: readonly string[], index: number, count: number): string {
  const name = names[index] ?? '';
  return count >= 4 ? name : shortName(name);
}
