// Loaded before each test file by `npm test -- --conformance`: counts the calls of node:assert that
// each test makes and leaves the number as a diagnostic for conformance-reporter.mjs.
import looseAssert from 'node:assert';
import strictAssert from 'node:assert/strict';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

async function countAssertions() {
  const { afterEach, beforeEach } = await import('node:test');
  let count = 0;
  for (const assert of [looseAssert, strictAssert])
    for (const [name, check] of Object.entries(assert)) {
      // What begins with a capital is a class; `strict` is the other object.
      if (typeof check !== 'function' || /^[A-Z]|^strict$/.test(name)) continue;
      assert[name] = (...values) => {
        count += 1;
        return check(...values);
      };
    }
  syncBuiltinESMExports();
  const startedAt = [];
  beforeEach(() => {
    startedAt.push(count);
  });
  afterEach((context) => {
    context.diagnostic(`assertions ${count - startedAt.pop()}`);
  });
}

// Lanes and child processes inherit the flag; only the runner's own test processes are counted.
if (isMainThread && process.env.NODE_TEST_CONTEXT?.startsWith('child')) await countAssertions();
