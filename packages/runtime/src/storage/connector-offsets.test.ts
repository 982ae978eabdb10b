import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectorOffsets } from './connector-offsets.ts';
import { MemoryOffsetBackingStore } from './memory-offset-backing-store.ts';

async function storeOf(
  entries: Readonly<Record<string, string>>,
): Promise<MemoryOffsetBackingStore> {
  const store = new MemoryOffsetBackingStore();
  await store.set(
    Object.entries(entries).map(([key, value]) => ({
      key: Buffer.from(key),
      value: Buffer.from(value),
    })),
  );
  return store;
}

function keys(store: MemoryOffsetBackingStore): readonly string[] {
  return [...store.entries()].map(({ key }) => Buffer.from(key).toString());
}

test('offsets are kept per connector', async () => {
  const offsets = new ConnectorOffsets(await storeOf({ '["a",{"f":"x"}]': '{"p":1}' }));
  assert.deepEqual(offsets.read('a', ['{"f":"x"}', '{"f":"y"}']), ['{"p":1}', null]);
  assert.deepEqual(offsets.read('b', ['{"f":"x"}']), [null]);
});

test('a partition that Java wrote in its own order is found, and written back under its key', async () => {
  const store = await storeOf({ '["a",{"table":"t","db":"d"}]': '{"p":1}' });
  const offsets = new ConnectorOffsets(store);
  assert.deepEqual(offsets.read('a', ['{"db":"d","table":"t"}']), ['{"p":1}']);
  await offsets.write('a', [{ partition: '{"db":"d","table":"t"}', offset: '{"p":2}' }]);
  assert.deepEqual(keys(store), ['["a",{"table":"t","db":"d"}]']);
  assert.deepEqual(offsets.read('a', ['{"table":"t","db":"d"}']), ['{"p":2}']);
});

test('a key written with blanks or after the first look-up is found by its meaning as well', async () => {
  const store = await storeOf({ '["a", {"f": "x"}]': '{"p":1}' });
  const offsets = new ConnectorOffsets(store);
  assert.deepEqual(offsets.read('a', ['{"f":"x"}']), ['{"p":1}']);
  await offsets.write('a', [{ partition: '{"m":1,"n":2}', offset: '{"p":5}' }]);
  assert.deepEqual(offsets.read('a', ['{"n":2,"m":1}']), ['{"p":5}']);
});

test('an offset of null deletes, and a list shows what is there', async () => {
  const offsets = new ConnectorOffsets(
    await storeOf({ '["a",{"f":"x"}]': '{"p":1}', '["b",{"f":"x"}]': '{"p":2}', nonsense: '{}' }),
  );
  assert.deepEqual(offsets.list('a'), [{ partition: { f: 'x' }, offset: { p: 1 } }]);
  await offsets.write('a', [{ partition: '{"f":"x"}', offset: null }]);
  assert.deepEqual(offsets.read('a', ['{"f":"x"}']), [null]);
  assert.deepEqual(offsets.list('a'), []);
});
