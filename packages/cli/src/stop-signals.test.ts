import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { StopSignals } from './stop-signals.ts';

test('the first signal asks to stop, the second ends the process at once', async () => {
  const source = new EventEmitter();
  const forced: number[] = [];
  using stop = new StopSignals(source, (exitCode) => forced.push(exitCode));
  assert.equal(stop.signal.aborted, false);
  const stopped = stop.stopped();
  source.emit('SIGTERM');
  await stopped;
  assert.equal(stop.signal.aborted, true);
  assert.deepEqual(forced, []);
  source.emit('SIGINT');
  source.emit('SIGTERM');
  assert.deepEqual(forced, [130, 143]);
  await stop.stopped();
});

test('once disposed it listens no more', () => {
  const source = new EventEmitter();
  {
    using _stop = new StopSignals(source, () => assert.fail('forced'));
    assert.equal(source.listenerCount('SIGINT'), 1);
  }
  assert.equal(source.listenerCount('SIGINT') + source.listenerCount('SIGTERM'), 0);
});
