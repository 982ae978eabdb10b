/**
 * Java's default calendar, in UTC: Gregorian from 15 October 1582 on, Julian before. Weeks are
 * those of the locale `en_US`: they begin on Sunday, and 1 January is always in week 1.
 */

export const DAY_MS = 86_400_000;
/** 15 October 1582, in days since 1970-01-01. */
const CUTOVER_DAY = -141_427;
const CUTOVER_YEAR = 1582;
/** Days of an average Julian year, and of 400 Gregorian years. */
const JULIAN_CYCLE = 1461;
const GREGORIAN_CYCLE = 146_097;

/** A day as `java.util.Calendar` takes it apart. */
export interface DayFields {
  /** 0: BC, 1: AD. */
  readonly era: number;
  /** Within the era, from 1. */
  readonly year: number;
  /** The year that the week belongs to. */
  readonly weekYear: number;
  /** From 0. */
  readonly month: number;
  readonly dayOfMonth: number;
  readonly dayOfYear: number;
  /** From 1, Sunday. */
  readonly dayOfWeek: number;
  readonly weekOfYear: number;
  readonly weekOfMonth: number;
  readonly dayOfWeekInMonth: number;
}

/** The fields of a day, given as days since 1970-01-01. */
export function dayFields(day: number): DayFields {
  const isGregorian = day >= CUTOVER_DAY;
  const { year, month, dayOfMonth } = isGregorian ? gregorianDate(day) : julianDate(day);
  const newYear = yearStart(year, isGregorian);
  const weekOfYear = weekInYear(day, newYear, yearStart(year + 1, isGregorian));
  return {
    era: year > 0 ? 1 : 0,
    year: year > 0 ? year : 1 - year,
    weekYear: weekYearOf(year, month, weekOfYear),
    month,
    dayOfMonth,
    dayOfYear: day - newYear + 1,
    dayOfWeek: dayOfWeek(day),
    weekOfYear,
    weekOfMonth: weekNumber(day - dayOfMonth + 1, day),
    dayOfWeekInMonth: Math.floor((dayOfMonth - 1) / 7) + 1,
  };
}

/** From 1, Sunday. */
function dayOfWeek(day: number): number {
  return mod(day + 4, 7) + 1;
}

/** The last day on or before `day` that is this day of the week. */
export function dayOnOrBefore(day: number, weekday: number): number {
  return day - mod(dayOfWeek(day) - weekday, 7);
}

/**
 * Days since 1970-01-01 of the first of a month, which may be any number: months beyond a year
 * count into the next. Year 0 is 1 BC.
 */
export function monthStart(year: number, month: number, isGregorian: boolean): number {
  const years = year + Math.floor(month / 12);
  return isGregorian ? gregorianDay(years, mod(month, 12)) : julianDay(years, mod(month, 12));
}

/**
 * Decides between the two calendars as Java does, given what each makes of a date.
 *
 * @param year as written, before months beyond December are carried over
 */
export function chooseDay(year: number, gregorian: number, julian: number): number {
  if (year > CUTOVER_YEAR && gregorian >= CUTOVER_DAY) return gregorian;
  if (year < CUTOVER_YEAR && julian < CUTOVER_DAY) return julian;
  const isAfter = (year < CUTOVER_YEAR ? julian : gregorian) >= CUTOVER_DAY;
  if (!isAfter) return julian;
  return year < CUTOVER_YEAR ? julian : gregorian;
}

interface DateParts {
  readonly year: number;
  readonly month: number;
  readonly dayOfMonth: number;
}

/** Years are counted from 1 March, so that the leap day comes last. */
function gregorianDay(year: number, month: number): number {
  const marchYear = month < 2 ? year - 1 : year;
  const cycle = Math.floor(marchYear / 400);
  const yearOfCycle = marchYear - cycle * 400;
  const leapDays = Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100);
  return cycle * GREGORIAN_CYCLE + yearOfCycle * 365 + leapDays + monthOffset(month) - 719_468;
}

function julianDay(year: number, month: number): number {
  const marchYear = month < 2 ? year - 1 : year;
  return marchYear * 365 + Math.floor(marchYear / 4) + monthOffset(month) - 719_470;
}

/** Days from 1 March to the first of a month. */
function monthOffset(month: number): number {
  return Math.floor((153 * mod(month - 2, 12) + 2) / 5);
}

function gregorianDate(day: number): DateParts {
  const shifted = day + 719_468;
  const cycle = Math.floor(shifted / GREGORIAN_CYCLE);
  const dayOfCycle = shifted - cycle * GREGORIAN_CYCLE;
  const yearOfCycle = Math.floor(
    (dayOfCycle -
      Math.floor(dayOfCycle / 1460) +
      Math.floor(dayOfCycle / 36_524) -
      Math.floor(dayOfCycle / 146_096)) /
      365,
  );
  const leapDays = Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100);
  return datePartsOf(cycle * 400 + yearOfCycle, dayOfCycle - yearOfCycle * 365 - leapDays);
}

function julianDate(day: number): DateParts {
  const shifted = day + 719_470;
  const cycle = Math.floor(shifted / JULIAN_CYCLE);
  const dayOfCycle = shifted - cycle * JULIAN_CYCLE;
  const yearOfCycle = Math.min(Math.floor(dayOfCycle / 365), 3);
  return datePartsOf(cycle * 4 + yearOfCycle, dayOfCycle - yearOfCycle * 365);
}

/** @param dayOfYear counted from 1 March, which is 0 */
function datePartsOf(marchYear: number, dayOfYear: number): DateParts {
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = (marchMonth + 2) % 12;
  return {
    year: month < 2 ? marchYear + 1 : marchYear,
    month,
    dayOfMonth: dayOfYear - monthOffset(month) + 1,
  };
}

function yearStart(year: number, isGregorian: boolean): number {
  return monthStart(year, 0, isGregorian && year > CUTOVER_YEAR);
}

/** The week of `day`, counted from the week that the first day of a month or year is in. */
function weekNumber(first: number, day: number): number {
  return Math.floor((day - dayOnOrBefore(first, 1)) / 7) + 1;
}

/** The week that the next 1 January is in belongs to the next year. */
function weekInYear(day: number, newYear: number, nextNewYear: number): number {
  return day >= dayOnOrBefore(nextNewYear, 1) ? 1 : weekNumber(newYear, day);
}

function weekYearOf(year: number, month: number, weekOfYear: number): number {
  return month > 0 && weekOfYear === 1 ? year + 1 : year;
}

function mod(value: number, by: number): number {
  return ((value % by) + by) % by;
}
