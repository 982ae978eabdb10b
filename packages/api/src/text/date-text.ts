import { civilDateOf } from './hybrid-calendar.ts';

const MILLIS_PER_DAY = 86_400_000;
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const WEEKDAYS = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ');

/** `java.util.Date.toString`, in the process's time zone: `Thu Jan 01 00:00:00 UTC 1970`. */
export function dateText(date: Date): string {
  const { year, month, day } = civilDateOf(localEpochDay(date));
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':');
  // The year before 1 is 1 BC, and Java does not say so.
  const yearOfEra = year > 0 ? year : 1 - year;
  return (
    `${WEEKDAYS[date.getDay()]} ${MONTHS[month - 1]} ${twoDigits(day)} ` +
    `${clock} ${zoneName(date)} ${yearOfEra}`
  );
}

/** Set part by part: `Date.UTC` takes the years 0 to 99 for those of the last century. */
function localEpochDay(date: Date): number {
  const midnight = new Date(0);
  midnight.setUTCFullYear(date.getFullYear(), date.getMonth(), date.getDate());
  return midnight.getTime() / MILLIS_PER_DAY;
}

function zoneName(date: Date): string {
  const format = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' });
  const parts = format.formatToParts(date);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC';
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
