import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RecordMemory } from './record-memory.ts';

const LIMIT = 1000;

function usedUp(): RecordMemory {
  const memory = new RecordMemory(LIMIT, 256);
  memory.hold(LIMIT);
  return memory;
}

describe('the memory of records under way', () => {
  test('has room until the limit is reached', () => {
    const memory = new RecordMemory(LIMIT, 256);
    memory.hold(LIMIT - 1);
    assert.equal(memory.hasRoom, true);
    memory.hold(1);
    assert.equal(memory.hasRoom, false);
  });

  test('has room again once a good part of it is free, not at the first byte', () => {
    const memory = usedUp();
    memory.hold(-200);
    assert.equal(memory.hasRoom, false);
    memory.hold(-50);
    assert.equal(memory.hasRoom, true);
    // From here on the limit itself counts again.
    memory.hold(200);
    assert.equal(memory.hasRoom, true);
    memory.hold(50);
    assert.equal(memory.hasRoom, false);
  });

  test('wakes each waiter once, when there is room again', () => {
    const memory = usedUp();
    let woken = 0;
    memory.whenRoom(() => woken++);
    memory.whenRoom(() => woken++);
    memory.hold(-100);
    assert.equal(woken, 0);
    memory.hold(-200);
    assert.equal(woken, 2);
    memory.hold(-200);
    assert.equal(woken, 2);
  });

  test('a waiter who takes the wish back is not woken', () => {
    const memory = usedUp();
    let woken = 0;
    memory.whenRoom(() => woken++)();
    memory.hold(-LIMIT);
    assert.equal(woken, 0);
  });
});
