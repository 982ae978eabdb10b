import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { ConnectError, DataError, RetriableError } from '@sluice/api';
import { renderTrace } from '../logging/render-trace.ts';
import { ControlChannel } from './control-channel.ts';

interface Calls {
  readonly double: { readonly args: number; readonly answer: number };
  readonly fail: { readonly args: Error; readonly answer: null };
  readonly never: { readonly args: null; readonly answer: null };
  readonly strange: { readonly args: null; readonly answer: unknown };
}
type NoCalls = Readonly<Record<string, never>>;

describe('a control channel', () => {
  let ports: MessageChannel;
  let heard: string[];
  let asking: ControlChannel<Calls, NoCalls, string, never>;
  let error: Error;

  beforeEach(() => {
    ports = new MessageChannel();
    heard = [];
    error = new DataError('bad value', { cause: new TypeError('no string') });
    const serving = new ControlChannel<NoCalls, Calls, never, string>({
      port: ports.port2,
      handlers: {
        double: (value) => value * 2,
        fail: () => {
          throw error;
        },
        never: () => new Promise(() => undefined),
        // A function can't be cloned.
        strange: () => () => undefined,
      },
      onEvent: (event) => void heard.push(event),
    });
    asking = new ControlChannel({ port: ports.port1, handlers: {}, onEvent: () => undefined });
    serving.open();
    asking.open();
  });
  afterEach(() => ports.port1.close());

  test('answers calls in any number, each its own', async () => {
    const answers = await Promise.all([1, 2, 3].map((each) => asking.call('double', each, 1_000)));
    assert.deepEqual(answers, [2, 4, 6]);
  });

  test('carries events in order', async () => {
    asking.tell('one');
    asking.tell('two');
    await asking.call('double', 1, 1_000);
    assert.deepEqual(heard, ['one', 'two']);
  });

  test('brings errors over with message, code, retriability and the trace from there', async () => {
    const foreign = await asking.call('fail', error, 1_000).catch((thrown: unknown) => thrown);
    assert.ok(foreign instanceof ConnectError);
    assert.equal(foreign.message, 'bad value');
    assert.equal(foreign.code, 'CONNECT_DATA');
    assert.equal(foreign.isRetriable, false);
    assert.match(
      renderTrace(foreign),
      /^org\.apache\.kafka\.connect\.errors\.DataException: bad value/,
    );
    assert.match(renderTrace(foreign), /Caused by: java\.lang\.ClassCastException: no string/);
    error = new RetriableError('later');
    const retriable = await asking.call('fail', error, 1_000).catch((thrown: unknown) => thrown);
    assert.ok(retriable instanceof ConnectError && retriable.isRetriable);
  });

  test('gives up a call that is not answered in time', async () => {
    await assert.rejects(asking.call('never', null, 5), {
      code: 'CONNECT_LANE_TIMEOUT',
      message: "The thread did not answer 'never' within 5 ms",
    });
  });

  test('tells the caller of an answer that cannot be sent', async () => {
    await assert.rejects(asking.call('strange', null, 1_000), /could not be cloned/);
  });

  test('fails what waits, and what comes later, once the other end is gone', async () => {
    const waiting = assert.rejects(asking.call('never', null, null), /it is gone/);
    asking.close(new Error('it is gone'));
    await waiting;
    await assert.rejects(asking.call('double', 1, 1_000), /it is gone/);
  });
});
