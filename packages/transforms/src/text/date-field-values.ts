import { DAY_MS, chooseDay, dayOnOrBefore, monthStart } from './java-calendar.ts';

/** What a text said about a date, by Calendar's fields. */
export type DateField =
  | 'era'
  | 'year'
  | 'weekYear'
  | 'month'
  | 'dayOfMonth'
  | 'dayOfYear'
  | 'dayOfWeek'
  | 'weekOfYear'
  | 'weekOfMonth'
  | 'dayOfWeekInMonth'
  | 'amPm'
  | 'hour'
  | 'hourOfDay'
  | 'minute'
  | 'second'
  | 'millisecond'
  | 'zoneOffset';

const SUNDAY = 1;

/**
 * Puts a date together from fields, as Java's lenient calendar does: values out of range carry
 * over, and where fields contradict each other those set last win.
 * Mirrors `Calendar.selectFields` and `GregorianCalendar.computeTime`.
 */
export class DateFieldValues {
  readonly #values = new Map<DateField, number>();
  /** When each field was set; a field that was not set has none. */
  readonly #stamps = new Map<DateField, number>();
  #nextStamp = 1;

  set(field: DateField, value: number): void {
    this.#values.set(field, value);
    this.#stamps.set(field, this.#nextStamp++);
  }

  addYears(years: number): void {
    for (const field of ['year', 'weekYear'] as const) {
      const value = this.#values.get(field);
      if (value !== undefined) this.#values.set(field, value + years);
    }
  }

  /** Milliseconds since the epoch. */
  toMillis(): number {
    const time = this.#timeOfDay();
    const carried = Math.floor(time / DAY_MS);
    const day = this.#stamp('weekYear') > this.#stamp('year') ? this.#weekDay() : this.#day();
    return (day + carried) * DAY_MS + (time - carried * DAY_MS) - this.#get('zoneOffset', 0);
  }

  #get(field: DateField, otherwise: number): number {
    return this.#values.get(field) ?? otherwise;
  }

  #stamp(field: DateField): number {
    return this.#stamps.get(field) ?? 0;
  }

  /** Both have to be set; the later one counts. */
  #stampOfBoth(a: DateField, b: DateField): number {
    const [first, second] = [this.#stamp(a), this.#stamp(b)];
    return first === 0 || second === 0 ? 0 : Math.max(first, second);
  }

  #timeOfDay(): number {
    let hours = this.#isHourOfDay() ? this.#get('hourOfDay', 0) : this.#get('hour', 0);
    if (!this.#isHourOfDay()) hours += 12 * this.#get('amPm', 0);
    const minutes = hours * 60 + this.#get('minute', 0);
    return (minutes * 60 + this.#get('second', 0)) * 1000 + this.#get('millisecond', 0);
  }

  #isHourOfDay(): boolean {
    const hourOfDay = this.#stamp('hourOfDay');
    const hour = this.#stampOfBoth('hour', 'amPm');
    if (Math.max(hourOfDay, hour) > 0) return hourOfDay >= hour;
    return Math.max(this.#stamp('hour'), this.#stamp('amPm')) === 0;
  }

  /** By week-based year, week and day of the week (`YYYY-ww-u`). */
  #weekDay(): number {
    let weekday = this.#get('dayOfWeek', SUNDAY);
    let week = this.#get('weekOfYear', 1);
    if (weekday >= 8) {
      weekday -= 1;
      week += Math.floor(weekday / 7);
      weekday = (weekday % 7) + 1;
      weekday = weekday === 7 ? SUNDAY : weekday + 1;
    }
    while (weekday <= 0) {
      weekday += 7;
      week -= 1;
    }
    const year = this.#get('weekYear', 1970);
    const first = (isGregorian: boolean): number =>
      dayOnOrBefore(monthStart(year, 0, isGregorian), SUNDAY);
    return chooseDay(year, first(true), first(false)) + (weekday - SUNDAY) + 7 * (week - 1);
  }

  #day(): number {
    const written = this.#get('year', 1970);
    const year = this.#get('era', 1) === 0 ? 1 - written : written;
    return chooseDay(year, this.#dayIn(year, true), this.#dayIn(year, false));
  }

  /** The day in one of the two calendars, from the fields that were set last. */
  #dayIn(year: number, isGregorian: boolean): number {
    const way = this.#way();
    if (way === 'dayOfYear') {
      return monthStart(year, 0, isGregorian) + this.#get('dayOfYear', 1) - 1;
    }
    if (way === 'weekOfYear') {
      return this.#dayOfWeekIn(monthStart(year, 0, isGregorian), this.#get('weekOfYear', 1));
    }
    const month = this.#get('month', 0);
    const first = monthStart(year, month, isGregorian);
    if (way === 'dayOfMonth') return first + this.#get('dayOfMonth', 1) - 1;
    if (way === 'weekOfMonth') return this.#dayOfWeekIn(first, this.#get('weekOfMonth', 1));
    const nth = this.#get('dayOfWeekInMonth', 1);
    const weekday = this.#get('dayOfWeek', SUNDAY);
    if (nth >= 0) return dayOnOrBefore(first + 7 * nth - 1, weekday);
    const next = monthStart(year, month + 1, isGregorian);
    return dayOnOrBefore(next + 7 * (nth + 1) - 1, weekday);
  }

  /** A day of the week in the nth week from the one that `first` is in. */
  #dayOfWeekIn(first: number, week: number): number {
    const sunday = dayOnOrBefore(first, SUNDAY);
    const weekday = this.#values.get('dayOfWeek');
    const day = weekday === undefined ? sunday : dayOnOrBefore(sunday + 6, weekday);
    return day + 7 * (week - 1);
  }

  /** Which fields say the day: those with the latest stamp, by Java's rules for ties. */
  #way(): 'dayOfMonth' | 'weekOfMonth' | 'dayOfWeekInMonth' | 'dayOfYear' | 'weekOfYear' {
    const dayOfYear = this.#stamp('dayOfYear');
    let dayOfMonth = this.#stamp('dayOfMonth');
    let weekOfMonth = this.#stampOfBoth('weekOfMonth', 'dayOfWeek');
    let nth = this.#stampOfBoth('dayOfWeekInMonth', 'dayOfWeek');
    let weekOfYear = this.#stampOfBoth('weekOfYear', 'dayOfWeek');
    let best = Math.max(dayOfMonth, weekOfMonth, nth, dayOfYear, weekOfYear);
    if (best === 0) {
      weekOfMonth = this.#stamp('weekOfMonth');
      nth = Math.max(this.#stamp('dayOfWeekInMonth'), this.#stamp('dayOfWeek'));
      weekOfYear = this.#stamp('weekOfYear');
      best = Math.max(weekOfMonth, nth, weekOfYear);
      if (best === 0) best = dayOfMonth = this.#stamp('month');
    }
    if (best === dayOfMonth) return 'dayOfMonth';
    const [week, ofMonth] = [this.#stamp('weekOfYear'), this.#stamp('weekOfMonth')];
    const isByMonth =
      (best === weekOfMonth && ofMonth >= week) ||
      (best === nth && this.#stamp('dayOfWeekInMonth') >= week);
    if (!isByMonth) return best === dayOfYear ? 'dayOfYear' : 'weekOfYear';
    if (weekOfMonth === nth) {
      return ofMonth >= this.#stamp('dayOfWeekInMonth') ? 'weekOfMonth' : 'dayOfWeekInMonth';
    }
    return best === weekOfMonth ? 'weekOfMonth' : 'dayOfWeekInMonth';
  }
}
