/** What `auto.offset.reset` says. */
export type OffsetReset =
  | { readonly type: 'earliest' | 'latest' | 'none' }
  | { readonly type: 'by_duration'; readonly durationMs: number };

const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i;

/** Parses `auto.offset.reset`; `null` when it is none of the allowed forms. */
export function parseOffsetReset(text: string): OffsetReset | null {
  const lower = text.toLowerCase();
  if (lower === 'earliest' || lower === 'latest' || lower === 'none') return { type: lower };
  if (!lower.startsWith('by_duration:')) return null;
  const durationMs = parseDuration(text.slice('by_duration:'.length));
  return durationMs === null ? null : { type: 'by_duration', durationMs };
}

/** An ISO 8601 duration of days and shorter, as Java's `Duration.parse`, in milliseconds. */
function parseDuration(text: string): number | null {
  const match = DURATION.exec(text);
  const parts = match?.slice(1) ?? [];
  if (match === null || parts.every((part) => part === undefined) || /T$/i.test(text)) return null;
  const [days = '0', hours = '0', minutes = '0', seconds = '0'] = parts;
  const wholeSeconds = Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60;
  return Math.round((wholeSeconds + Number(seconds)) * 1000);
}
