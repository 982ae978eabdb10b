/** Offsets are worked out once per quarter of an hour: no zone changes its clocks in between. */
const SLOT_MS = 900_000;
/** Remembered offsets; beyond it the memory starts anew. */
const SLOTS_MAX = 10_000;
const DAY_MS = 86_400_000;
const FIXED = /^([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?$/;

/** A time zone: a name of the IANA database, or a fixed offset such as `+08:00`. */
export class TimeZone {
  readonly #fixedMs: number | null;
  readonly #format: Intl.DateTimeFormat | null;
  readonly #offsets = new Map<number, number>();

  /** @throws RangeError when there is no such zone */
  constructor(name: string) {
    const fixed = FIXED.exec(name);
    this.#fixedMs = fixed === null ? null : fixedOffset(fixed);
    this.#format =
      fixed === null
        ? new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
        : null;
  }

  /** Milliseconds east of UTC at an instant. */
  offsetAt(millis: number): number {
    if (this.#fixedMs !== null || this.#format === null) return this.#fixedMs ?? 0;
    const slot = Math.floor(millis / SLOT_MS);
    const known = this.#offsets.get(slot);
    if (known !== undefined) return known;
    if (this.#offsets.size >= SLOTS_MAX) this.#offsets.clear();
    const offset = parseOffset(this.#format, slot * SLOT_MS);
    this.#offsets.set(slot, offset);
    return offset;
  }

  /**
   * The offset of a local time, given as if it were UTC. Where clocks are put forward or back it
   * is the one from before the change. Mirrors `ZoneRules.getOffset(LocalDateTime)`.
   */
  offsetOfLocal(localMillis: number): number {
    const before = this.offsetAt(localMillis - DAY_MS);
    if (this.offsetAt(localMillis - before) === before) return before;
    const after = this.offsetAt(localMillis + DAY_MS);
    return this.offsetAt(localMillis - after) === after ? after : before;
  }
}

function fixedOffset([, sign, hours, minutes, seconds]: RegExpExecArray): number {
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0);
  return (sign === '-' ? -total : total) * 1000;
}

/** `GMT`, `GMT+05:30`, `GMT-00:01:15`. */
function parseOffset(format: Intl.DateTimeFormat, millis: number): number {
  const parts = format.formatToParts(millis);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const fixed = FIXED.exec(name.slice('GMT'.length));
  return fixed === null ? 0 : fixedOffset(fixed);
}
