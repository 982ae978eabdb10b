import { MILLIS_PER_DAY } from '@sluice/api';

/**
 * A date as `Values` writes it, in UTC: the time alone on and before 1970-01-01, the day alone at
 * midnight, else both. Mirrors `Values.dateFormatFor`.
 */
export function isoDateText(date: Date): string {
  const millis = date.getTime();
  const iso = date.toISOString();
  const time = iso.slice(-13);
  if (millis < MILLIS_PER_DAY) return time;
  // Java prints years beyond 9999 without a sign and without padding.
  const day = iso.slice(0, -14).replace(/^\+0*/, '');
  return millis % MILLIS_PER_DAY === 0 ? day : `${day}T${time}`;
}
