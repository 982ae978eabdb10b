import assert from 'node:assert/strict';
import { registerHooks } from 'node:module';
import { test } from 'node:test';

test('importing the package loads two tables and the two headers, no other message', async () => {
  const loaded: string[] = [];
  const hooks = registerHooks({
    load: (url, context, nextLoad) => {
      loaded.push(url);
      return nextLoad(url, context);
    },
  });
  try {
    await import('./index.ts');
  } finally {
    hooks.deregister();
  }
  const generated = loaded
    .filter((url) => url.includes('/gen/'))
    .map((url) => url.split('/').at(-1));
  assert.deepEqual(
    generated.toSorted((a = '', b = '') => a.localeCompare(b)),
    ['api-keys.ts', 'error-table.ts', 'request-header.ts', 'response-header.ts'],
  );
});
