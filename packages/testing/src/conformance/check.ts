import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

/** One thing that a plug-in must do, and the test that it does. `D`: what the author tells of it. */
export interface Check<D> {
  /** Short and stable: the name by which an author excepts the check. */
  readonly id: string;
  /** A sentence about the plug-in's behaviour. */
  readonly title: string;
  /** Why the check can't be made with what the author told; `null` when it can. */
  missing?(driver: D): string | null;
  /**
   * Answers a text when it could not be tried after all: the reason, told as a skip.
   *
   * @throws AssertionError, or whatever the plug-in throws, when it does not behave
   */
  run(driver: D): Promise<unknown> | void;
}

/**
 * Checks that a plug-in is known not to pass, each with the reason. Such a check has to fail: once
 * it passes the suite says so, and the entry has to go.
 */
export type Exceptions = Readonly<Record<string, string>>;

/** Makes each check a test of `node:test`, under one heading. */
export function registerChecks<D>(
  heading: string,
  checks: readonly Check<D>[],
  driver: D,
  except: Exceptions = {},
): void {
  const unknown = Object.keys(except).filter((id) => !checks.some((check) => check.id === id));
  if (unknown.length > 0) {
    const known = checks.map(({ id }) => id).join(', ');
    throw new Error(
      `"except" of ${heading} names no check: ${unknown.join(', ')}. Known: ${known}`,
    );
  }
  describe(heading, () => {
    for (const check of checks) {
      const reason = except[check.id];
      const title = `${check.id}: ${check.title}`;
      const missing = check.missing?.(driver) ?? null;
      if (missing !== null) it(title, { skip: missing }, () => undefined);
      else if (reason === undefined)
        it(title, async (t) => {
          const untried = await check.run(driver);
          if (typeof untried === 'string') t.skip(untried);
        });
      else it(`${title} (known not to: ${reason})`, () => stillFails(check, driver));
    }
  });
}

/** @throws AssertionError when the check passes */
export async function stillFails<D>(check: Check<D>, driver: D): Promise<void> {
  let hasFailed = false;
  try {
    await check.run(driver);
  } catch {
    // What was said of it is true: it does not pass.
    hasFailed = true;
  }
  assert.ok(hasFailed, `The check "${check.id}" passes now: take it out of "except".`);
}
