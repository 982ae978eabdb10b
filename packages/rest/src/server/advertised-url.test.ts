import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advertisedUrl, workerIdOf } from './advertised-url.ts';
import { parseListener, type Listener } from './listener.ts';

const NOTHING = { listener: null, host: null, port: null };

function listeners(...texts: readonly string[]): readonly Listener[] {
  return texts.map((text) => parseListener(text));
}

test('R1.13 R10.21 the scheme is the one asked for in any case, else http where there is one', () => {
  const both = listeners('https://a:1', 'http://b:2');
  const scheme = (bound: readonly Listener[], listener: string | null): string =>
    advertisedUrl(bound, { ...NOTHING, listener }).protocol;
  assert.equal(scheme(both, null), 'http:');
  assert.equal(scheme(both, 'HTTPS'), 'https:');
  assert.equal(scheme(listeners('https://a:1'), null), 'https:');
  // Nobody compares it with the listeners.
  assert.equal(scheme(listeners('http://a:1'), 'https'), 'https:');
});

test('R1.14 host and port are those asked for, else of the first listener of that scheme', () => {
  const bound = listeners('https://a:1', 'http://b:2', 'http://c:3');
  const url = (
    advertised: Partial<typeof NOTHING> | { host?: string; port?: number } = {},
  ): string => advertisedUrl(bound, { ...NOTHING, ...advertised }).href;
  assert.equal(url(), 'http://b:2/');
  assert.equal(url({ host: 'z' }), 'http://z:2/');
  assert.equal(url({ port: 9 }), 'http://b:9/');
  assert.equal(advertisedUrl(bound, { ...NOTHING, listener: 'https' }).href, 'https://a:1/');
});

test('R1.14 a listener on all interfaces is advertised by the name of the machine', () => {
  const url = advertisedUrl(listeners('http://:8083'), NOTHING, () => 'machine');
  assert.equal(url.href, 'http://machine:8083/');
});

test('R1.15 a worker is called by host and port, the usual port of its scheme included', () => {
  const bound = listeners('http://b:80', 'https://a:443');
  const id = (listener: string | null): string =>
    workerIdOf(advertisedUrl(bound, { ...NOTHING, listener }));
  assert.equal(id(null), 'b:80');
  assert.equal(id('https'), 'a:443');
  const v6 = advertisedUrl(listeners('http://[::1]:8083'));
  assert.deepEqual([v6.href, workerIdOf(v6)], ['http://[::1]:8083/', '[::1]:8083']);
});
