import { AM_PM, ERAS, MONTHS, WEEKDAYS, shortName } from './date-symbols.ts';
import type { PatternField, PatternPart } from './date-pattern.ts';
import { DAY_MS, dayFields, type DayFields } from './java-calendar.ts';

/** Letters whose text is the same all day long. */
const OF_THE_DAY = 'GyYMLEdDFwWuzZX';

/** Parts that change with the day, or with the time of day. */
type Writer = (day: DayFields, time: number) => string;

interface Section {
  readonly isOfTheDay: boolean;
  readonly writers: readonly Writer[];
}

/**
 * Writes instants by a pattern, in UTC. Mirrors `SimpleDateFormat.format`. What says the day is
 * worked out when the day changes: most records of a stream are of one day.
 */
export class DateWriter {
  readonly #sections: readonly Section[];
  /** The text of each section that is the same all day. */
  #dayTexts: readonly string[] = [];
  #day = Number.NaN;
  #dayFields: DayFields = dayFields(0);

  constructor(parts: readonly PatternPart[]) {
    this.#sections = sectionsOf(parts);
  }

  write(millis: number): string {
    const day = Math.floor(millis / DAY_MS);
    if (day !== this.#day) this.#setDay(day);
    const time = millis - day * DAY_MS;
    let text = '';
    for (let i = 0; i < this.#sections.length; i++) {
      const section = this.#sections[i];
      if (section === undefined) continue;
      if (section.isOfTheDay) text += this.#dayTexts[i] ?? '';
      else for (const write of section.writers) text += write(this.#dayFields, time);
    }
    return text;
  }

  #setDay(day: number): void {
    const fields = dayFields(day);
    this.#dayTexts = this.#sections.map(({ isOfTheDay, writers }) =>
      isOfTheDay ? writers.map((write) => write(fields, 0)).join('') : '',
    );
    this.#dayFields = fields;
    this.#day = day;
  }
}

/** Text goes with the fields before it. */
function sectionsOf(parts: readonly PatternPart[]): readonly Section[] {
  const sections: { isOfTheDay: boolean; writers: Writer[] }[] = [];
  for (const part of parts) {
    const last = sections.at(-1);
    const isText = typeof part === 'string';
    const isOfTheDay = isText ? (last?.isOfTheDay ?? true) : OF_THE_DAY.includes(part.letter);
    const writer: Writer = isText ? () => part : writerOf(part);
    if (last !== undefined && last.isOfTheDay === isOfTheDay) last.writers.push(writer);
    else sections.push({ isOfTheDay, writers: [writer] });
  }
  return sections;
}

function writerOf(field: PatternField): Writer {
  const { letter, count } = field;
  if (OF_THE_DAY.includes(letter)) return (day) => dayText(field, day);
  if (letter === 'a') return (_day, time) => AM_PM[time < DAY_MS / 2 ? 0 : 1] ?? '';
  // Texts of a time are few: they are looked up.
  const numberOf = timeNumber(letter);
  const texts = Array.from({ length: letter === 'S' ? 1000 : 60 }, (_, n) => padded(n, count));
  return (_day, time) => texts[numberOf(time)] ?? '';
}

function dayText({ letter, count }: PatternField, day: DayFields): string {
  switch (letter) {
    case 'G':
      return ERAS[day.era] ?? '';
    case 'y':
      return yearText(day.year, count);
    case 'Y':
      return yearText(day.weekYear, count);
    case 'M':
    case 'L':
      return count < 3 ? padded(day.month + 1, count) : nameOf(MONTHS, day.month, count);
    case 'E':
      return nameOf(WEEKDAYS, day.dayOfWeek - 1, count);
    case 'z':
      return count < 4 ? 'UTC' : 'Coordinated Universal Time';
    case 'Z':
      return '+0000';
    case 'X':
      return 'Z';
    default:
      return padded(dayNumber(letter, day), count);
  }
}

function dayNumber(letter: string, day: DayFields): number {
  switch (letter) {
    case 'd':
      return day.dayOfMonth;
    case 'D':
      return day.dayOfYear;
    case 'F':
      return day.dayOfWeekInMonth;
    case 'w':
      return day.weekOfYear;
    case 'W':
      return day.weekOfMonth;
    default:
      // 'u': 1 is Monday.
      return day.dayOfWeek === 1 ? 7 : day.dayOfWeek - 1;
  }
}

/** From milliseconds since midnight. */
function timeNumber(letter: string): (time: number) => number {
  const hour = (time: number): number => Math.floor(time / 3_600_000);
  switch (letter) {
    case 'H':
      return hour;
    case 'k':
      return (time) => hour(time) || 24;
    case 'K':
      return (time) => hour(time) % 12;
    case 'h':
      return (time) => hour(time) % 12 || 12;
    case 'm':
      return (time) => Math.floor(time / 60_000) % 60;
    case 's':
      return (time) => Math.floor(time / 1000) % 60;
    default:
      return (time) => time % 1000;
  }
}

/** Two letters mean two digits; any other number of them the least number of digits. */
function yearText(year: number, count: number): string {
  return count === 2 ? twoDigits(((year % 100) + 100) % 100) : padded(year, count);
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

function padded(value: number, count: number): string {
  if (value < 0) return `-${padded(-value, count)}`;
  let digits = String(value);
  while (digits.length < count) digits = `0${digits}`;
  return digits;
}

function nameOf(names: readonly string[], index: number, count: number): string {
  const name = names[index] ?? '';
  return count >= 4 ? name : shortName(name);
}
