/** How sessions are written down. */
import type { Ask } from '../../../../packages/rest/test/parity/exchange.ts';
import type { SessionHead, Step } from '../../../../packages/rest/test/parity/session.ts';

/** A session as it is written down, before it is recorded. */
export interface Session extends SessionHead {
  readonly steps: readonly Step[];
}

type Details = Partial<Omit<Ask, 'method' | 'path' | 'body'>>;

export function ask(method: string, path: string, body?: string, details: Details = {}): Step {
  return { ask: { method, path, ...(body === undefined ? {} : { body }), ...details } };
}
export function get(path: string, details: Details = {}): Step {
  return ask('GET', path, undefined, details);
}
/** Waits until a GET of `path` matches. */
export function until(path: string, matches: string, status = 200): Step {
  return { until: { path, matches, status } };
}
/** Waits for the connector and, with a number, for that many tasks to be in a state. */
export function untilState(name: string, state: string, tasks = 1): Step {
  const task = `\\{"id":\\d+,"state":"${state}"[^{}]*\\}`;
  const all = tasks === 0 ? '' : Array.from({ length: tasks }, () => task).join(',');
  return until(
    `/connectors/${name}/status`,
    `"connector":\\{"state":"${state}"[^{}]*\\},"tasks":\\[${all}\\]`,
  );
}

/** The config of a source that reads a file of the session. */
export const SOURCE = '"connector.class":"FileStreamSource","topic":"parity","file":"in.txt"';
export const SINK = '"connector.class":"FileStreamSink","topics":"parity","file":"out.txt"';
export function create(name: string, config: string, more = ''): Step {
  return ask('POST', '/connectors', `{"name":"${name}","config":{${config}}${more}}`);
}
