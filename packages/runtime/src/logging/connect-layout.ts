import type { LogLevel } from './log-level.ts';
import { renderTrace } from './render-trace.ts';

/** One event to log. */
export interface LogEvent {
  readonly timeMs: number;
  readonly level: LogLevel;
  readonly logger: string;
  /** `[connector|task-0] `, blank included, or empty (Java's `connector.context`). */
  readonly context: string;
  readonly message: string;
  readonly fields: object | undefined;
}

/**
 * Java Connect's line: `[2026-11-21 12:00:00,000] INFO [orders|task-0] message (logger)`, local
 * time. Fields follow the message as `key=value`; an Error under `error` follows as its stack.
 */
export function connectLayout(event: LogEvent): string {
  const { level, context, message, logger } = event;
  const { text, error } = describeFields(event.fields);
  const head = `[${timeText(event.timeMs)}] ${level} ${context}${message}${text} (${logger})\n`;
  return error === null ? head : `${head}${renderTrace(error)}\n`;
}

/** The same event as one JSON object a line, for log collectors. */
export function jsonLayout(event: LogEvent): string {
  const { text, error } = describeFields(event.fields);
  return `${JSON.stringify({
    timestamp: new Date(event.timeMs).toISOString(),
    level: event.level,
    logger: event.logger,
    context: event.context.trim(),
    message: event.message + text,
    ...(error === null ? {} : { trace: renderTrace(error) }),
  })}\n`;
}

function describeFields(fields: object | undefined): { text: string; error: Error | null } {
  if (fields === undefined) return { text: '', error: null };
  if (fields instanceof Error) return { text: '', error: fields };
  let text = '';
  let error: Error | null = null;
  for (const [key, value] of Object.entries(fields)) {
    if (value instanceof Error) error = value;
    else text += ` ${key}=${typeof value === 'string' ? value : stringOf(value)}`;
  }
  return { text, error };
}

function stringOf(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // A cycle or a bigint inside: the line is worth more than this field.
    return String(value);
  }
}

function timeText(timeMs: number): string {
  const time = new Date(timeMs);
  const day = `${time.getFullYear()}-${pad(time.getMonth() + 1, 2)}-${pad(time.getDate(), 2)}`;
  const clock = `${pad(time.getHours(), 2)}:${pad(time.getMinutes(), 2)}:${pad(time.getSeconds(), 2)}`;
  return `${day} ${clock},${pad(time.getMilliseconds(), 3)}`;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
