/** A recorded session: a worker's properties, files beside it, and the steps that were taken. */
import { setTimeout as sleep } from 'node:timers/promises';
import { send, type Answer, type Ask, type ClientTls } from './exchange.ts';

/** Asks again and again until the answer is 200 and its body matches. Nothing of it is recorded. */
export interface Until {
  readonly path: string;
  /** A regular expression. */
  readonly matches: string;
  /** The status waited for; default 200. */
  readonly status?: number;
  readonly to?: string;
}

export type Step = { readonly ask: Ask } | { readonly until: Until };
export type RecordedStep =
  | { readonly ask: Ask; readonly answer: Answer }
  | { readonly until: Until };

/** What a session needs before its first step. */
export interface SessionHead {
  readonly name: string;
  /** The worker's properties beyond brokers, converters, offsets file and addresses. */
  readonly worker: Readonly<Record<string, string>>;
  /** Files in the worker's working directory. */
  readonly files: Readonly<Record<string, string>>;
  /** Addresses beside `main`: the worker property that names each, e.g. `admin.listeners`. */
  readonly addresses: Readonly<Record<string, string>>;
}

/** Where a session runs. */
export interface Target {
  /** By the name of an {@link Ask}'s `to`. */
  readonly urls: Readonly<Record<string, string>>;
  readonly clusterId: string;
  readonly tls?: ClientTls;
  /** How long one wait may take; default a minute. */
  readonly untilTimeoutMs?: number;
}

const UNTIL_TIMEOUT_MS = 60_000;
const UNTIL_INTERVAL_MS = 100;

/** Takes one step; answers what came back, or null for a wait. */
export async function take(target: Target, step: Step): Promise<Answer | null> {
  if ('ask' in step) {
    const answer = await send(urlOf(target, step.ask.to), step.ask, target.tls);
    return anonymous(target, answer);
  }
  await waitFor(target, step.until);
  return null;
}

async function waitFor(target: Target, until: Until): Promise<void> {
  const { path, to } = until;
  const expression = new RegExp(until.matches);
  const deadline = performance.now() + (target.untilTimeoutMs ?? UNTIL_TIMEOUT_MS);
  for (;;) {
    const answer = await send(urlOf(target, to), { method: 'GET', path }, target.tls);
    if (answer.status === (until.status ?? 200) && expression.test(answer.body)) return;
    if (performance.now() > deadline)
      throw new Error(`${path} never matched ${until.matches}; last: ${answer.body}`);
    await sleep(UNTIL_INTERVAL_MS);
  }
}

function urlOf({ urls }: Target, to = 'main'): string {
  const url = urls[to];
  if (url === undefined) throw new Error(`The session has no address ${to}`);
  return url;
}

/** Takes out what differs from run to run: addresses, cluster id, times. */
function anonymous({ urls, clusterId }: Target, answer: Answer): Answer {
  const clean = (text: string): string => {
    let cleaned = text;
    for (const [name, url] of Object.entries(urls))
      cleaned = cleaned.replaceAll(url, `{${name}}`).replaceAll(new URL(url).host, `{${name}}`);
    return cleaned
      .replaceAll(clusterId, '{cluster}')
      .replaceAll(/"last_modified":\d{13}/g, '"last_modified":1')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '{instant}');
  };
  const headers = Object.entries(answer.headers).map(([name, value]) => [name, clean(value)]);
  return { ...answer, headers: Object.fromEntries(headers), body: clean(answer.body) };
}
