import type { RestartValues } from '../../config/restart-config-def.ts';

/**
 * Errors that the same start would meet again: only a new config, or another plug-in, helps. They are
 * told by Sluice's stable codes.
 */
const NEEDS_A_CHANGE: ReadonlySet<string> = new Set([
  'CONNECT_CONFIG',
  'CONNECT_UNKNOWN_CLASS',
  'CONNECT_PLUGIN_LOAD',
  'CONNECT_PLUGIN_VERSION',
  'CONNECT_TOO_MANY_TASKS',
]);

/** How often something has been restarted in a row. */
export interface RestartHistory {
  readonly attempts: number;
  /** When it last began to run, by a steady clock; `null`: it has not since. */
  readonly runningSinceMs: number | null;
}

export const NO_RESTARTS: RestartHistory = { attempts: 0, runningSinceMs: null };

export type RestartDecision =
  | { readonly type: 'restart'; readonly delayMs: number; readonly attempt: number }
  | { readonly type: 'giveUp'; readonly reason: string };

/**
 * What follows a failure. The waits are those that users know: n²+n units (minutes by default) after
 * n attempts, capped.
 *
 * @param nowMs of the clock of the history
 */
export function decideRestart(
  policy: RestartValues,
  history: RestartHistory,
  code: string | null,
  nowMs: number,
  random: () => number,
): RestartDecision {
  if (code !== null && NEEDS_A_CHANGE.has(code))
    return { type: 'giveUp', reason: `${code} does not go away by itself: change the config` };
  const max = policy['sluice.restart.max.attempts'];
  const done = attemptsInARow(policy, history, nowMs);
  if (max >= 0 && done >= max)
    return { type: 'giveUp', reason: `sluice.restart.max.attempts=${max} is used up` };
  const unitMs = policy['sluice.restart.backoff.ms'];
  const capMs = policy['sluice.restart.backoff.max.ms'];
  const baseMs = Math.min(capMs, (done * done + done) * unitMs);
  const jitter = policy['sluice.restart.backoff.jitter'];
  // Around the base: some sooner, some later.
  const delayMs = Math.round(baseMs * (1 + jitter * (2 * random() - 1)));
  return { type: 'restart', delayMs: Math.min(capMs, delayMs), attempt: done + 1 };
}

/** What has run long enough has recovered: earlier attempts count no more. */
function attemptsInARow(policy: RestartValues, history: RestartHistory, nowMs: number): number {
  const { attempts, runningSinceMs } = history;
  if (runningSinceMs === null) return attempts;
  return nowMs - runningSinceMs >= policy['sluice.restart.reset.ms'] ? 0 : attempts;
}
