import assert from 'node:assert/strict';

/**
 * What `work` gives, if it gives it in time.
 *
 * @throws AssertionError after `timeoutMs`; the work itself goes on, nothing can end it from here
 */
export async function within<T>(
  timeoutMs: number,
  what: string,
  work: () => T,
): Promise<Awaited<T>> {
  const late = Symbol('late');
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<typeof late>((settle) => {
    timer = setTimeout(() => settle(late), timeoutMs);
  });
  try {
    const result = await Promise.race([work(), deadline]);
    assert.ok(result !== late, `${what} did not settle within ${timeoutMs} ms`);
    return result;
  } finally {
    clearTimeout(timer);
  }
}
