/** The words of dates in the locale `en`, as Java's patterns write and read them. */
export const ERAS: readonly string[] = ['BC', 'AD'];
export const AM_PM: readonly string[] = ['AM', 'PM'];
export const MONTHS: readonly string[] = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
/** From Sunday. */
export const WEEKDAYS: readonly string[] = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
];

/** The short form of a month or weekday. */
export function shortName(name: string): string {
  return name.slice(0, 3);
}
