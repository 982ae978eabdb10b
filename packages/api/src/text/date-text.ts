const PARTS = new Intl.DateTimeFormat('en-US', {
  weekday: 'short',
  month: 'short',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'short',
  year: 'numeric',
});

/** `java.util.Date.toString`, in the process's time zone: `Thu Jan 01 00:00:00 UTC 1970`. */
export function dateText(date: Date): string {
  const parts = new Map(PARTS.formatToParts(date).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  return (
    `${part('weekday')} ${part('month')} ${part('day')} ` +
    `${part('hour')}:${part('minute')}:${part('second')} ${part('timeZoneName')} ${part('year')}`
  );
}
