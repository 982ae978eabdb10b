import { ConfigError } from '@sluice/api';

const MINUTE_MS = 60_000;
/** Offsets of zones change at most at the quarters of an hour. */
const BUCKET_MS = 15 * MINUTE_MS;
/** Bounds the memory of a zone: 10,000 quarters of an hour. */
const BUCKETS_MAX = 10_000;

/** A time zone: instants to wall clocks and back, both in milliseconds as if the wall were in UTC. */
export class TimeZone {
  readonly id: string;
  readonly #fixedMs: number | null;
  readonly #format: Intl.DateTimeFormat | null;
  readonly #offsets = new Map<number, number>();

  /**
   * @param id - `UTC`, `Europe/Berlin`, `GMT+2`, `+02:00`
   * @throws ConfigError for a zone that is not known
   */
  constructor(id: string) {
    this.id = id;
    this.#fixedMs = fixedOffset(id);
    this.#format = this.#fixedMs === null ? formatOf(id) : null;
  }

  get isUtc(): boolean {
    return this.#fixedMs === 0;
  }

  /** How far the wall clock is ahead of UTC at an instant. */
  offsetMsAt(instantMs: number): number {
    if (this.#fixedMs !== null) return this.#fixedMs;
    const bucket = Math.floor(instantMs / BUCKET_MS);
    const known = this.#offsets.get(bucket);
    if (known !== undefined) return known;
    if (this.#offsets.size >= BUCKETS_MAX) this.#offsets.clear();
    const offset = this.#wallMs(bucket * BUCKET_MS) - bucket * BUCKET_MS;
    this.#offsets.set(bucket, offset);
    return offset;
  }

  wallOf(instantMs: number): number {
    return instantMs + this.offsetMsAt(instantMs);
  }

  /** The instant of a wall clock; within a gap the later, of two the earlier, as Java answers. */
  instantOf(wallMs: number): number {
    if (this.#fixedMs !== null) return wallMs - this.#fixedMs;
    const before = this.offsetMsAt(wallMs - DAY_MS);
    const early = wallMs - before;
    if (this.offsetMsAt(early) === before) return early;
    const late = wallMs - this.offsetMsAt(wallMs + DAY_MS);
    return this.wallOf(late) === wallMs ? late : early;
  }

  #wallMs(instantMs: number): number {
    const part = new Map(
      this.#format?.formatToParts(instantMs).map(({ type, value }) => [type, Number(value)]),
    );
    const of = (type: Intl.DateTimeFormatPartTypes): number => part.get(type) ?? 0;
    const date = new Date(0);
    date.setUTCFullYear(of('year'), of('month') - 1, of('day'));
    return date.setUTCHours(of('hour'), of('minute'), of('second'));
  }
}

const DAY_MS = 86_400_000;

/** Whether there is such a zone. */
export function isTimeZone(id: string): boolean {
  try {
    return new TimeZone(id).id === id;
  } catch {
    return false;
  }
}

function fixedOffset(id: string): number | null {
  if (/^(?:UTC|GMT|Z|Etc\/UTC|Etc\/GMT|UCT|Zulu|Universal)$/i.test(id)) return 0;
  const match = /^(?:GMT|UTC)?([+-])(\d{1,2})(?::?(\d{2}))?$/i.exec(id);
  if (match === null) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return (match[1] === '-' ? -minutes : minutes) * MINUTE_MS;
}

function formatOf(id: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: id,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      // Years before 1 are none that a database column takes; the era is not asked for.
    });
  } catch (cause) {
    throw new ConfigError(
      `Invalid time zone identifier ${JSON.stringify(id)}. Write one such as UTC, Europe/Berlin or GMT+2.`,
      { cause },
    );
  }
}
