/**
 * Java's calendar: Gregorian from 15 October 1582, Julian before. JavaScript knows the Gregorian
 * only, so that both give old days different dates.
 */

const MILLIS_PER_DAY = 86_400_000;
/** 15 October 1582 (Gregorian), in days since 1970. */
const GREGORIAN_FROM = -141_427;
/** 1 March of the year 0 (Julian), in days since 1970. */
const JULIAN_MARCH_0 = -719_470;
const DAYS_OF_FOUR_YEARS = 1461;

/** A date; months count from 1, the year before 1 is 0. */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** The day of a date, in days since 1970-01-01; months and days roll over into each other. */
export function epochDayOf({ year, month, day }: CivilDate): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const gregorian = Math.round(date.getTime() / MILLIS_PER_DAY);
  return gregorian >= GREGORIAN_FROM ? gregorian : julianEpochDay({ year, month, day });
}

/** The date of a day, counted in days since 1970-01-01. */
export function civilDateOf(epochDay: number): CivilDate {
  if (epochDay < GREGORIAN_FROM) return julianDate(epochDay);
  const date = new Date(epochDay * MILLIS_PER_DAY);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** Years are counted from March, so that the leap day comes last. */
function julianEpochDay({ year, month, day }: CivilDate): number {
  const months = year * 12 + (month - 3);
  const marchYear = Math.floor(months / 12);
  const monthOfYear = months - marchYear * 12;
  const daysBefore = Math.floor((153 * monthOfYear + 2) / 5);
  return JULIAN_MARCH_0 + Math.floor((DAYS_OF_FOUR_YEARS * marchYear) / 4) + daysBefore + day - 1;
}

function julianDate(epochDay: number): CivilDate {
  const days = epochDay - JULIAN_MARCH_0;
  const marchYear = Math.floor((4 * days + 3) / DAYS_OF_FOUR_YEARS);
  const dayOfYear = days - Math.floor((DAYS_OF_FOUR_YEARS * marchYear) / 4);
  const monthOfYear = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthOfYear < 10 ? monthOfYear + 3 : monthOfYear - 9;
  return {
    year: marchYear + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthOfYear + 2) / 5) + 1,
  };
}
