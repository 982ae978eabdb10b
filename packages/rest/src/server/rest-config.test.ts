import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '@sluice/api';
import { parseListener } from './listener.ts';
import { restConfig } from './rest-config.ts';

test('R2.16 without listeners it is http on port 8083 of all interfaces', () => {
  assert.deepEqual(restConfig({}).listeners, [{ protocol: 'http', host: '', port: 8083 }]);
});

test('R1.12 a listener has a protocol, a host or none, and a port', () => {
  assert.deepEqual(parseListener('HTTPS://[::1]:0'), { protocol: 'https', host: '::1', port: 0 });
  assert.deepEqual(parseListener(' http://:1 '), { protocol: 'http', host: '', port: 1 });
  for (const bad of ['ftp://a:1', 'a:1', 'http://a', 'http://a:70000', '://:1'])
    assert.throws(() => parseListener(bad), ConfigError, bad);
});

test('R2.17 nothing is advertised on purpose unless it is asked for', () => {
  assert.deepEqual(restConfig({}).advertised, { listener: null, host: null, port: null });
  const { advertised } = restConfig({
    'rest.advertised.listener': 'HTTPS',
    'rest.advertised.host.name': 'connect.example',
    'rest.advertised.port': '9999',
  });
  assert.deepEqual(advertised, { listener: 'HTTPS', host: 'connect.example', port: 9999 });
  assert.throws(() => restConfig({ 'rest.advertised.port': 'x' }), /rest\.advertised\.port/);
});

test('R2.18 R2.20 R2.21 no origins, no extensions and no headers unless they are asked for', () => {
  const none = restConfig({});
  assert.deepEqual(none.cors, { allowOrigin: '', allowMethods: '' });
  assert.deepEqual([none.extensionClasses, none.responseHeaders], [[], '']);
  const some = restConfig({
    'access.control.allow.origin': '*',
    'access.control.allow.methods': 'GET',
    'rest.extension.classes': 'A, B',
    'response.http.headers.config': 'set X: y',
  });
  assert.deepEqual(some.cors, { allowOrigin: '*', allowMethods: 'GET' });
  assert.deepEqual([some.extensionClasses, some.responseHeaders], [['A', 'B'], 'set X: y']);
});

test('R2.19 admin.listeners that is not set is not an empty one', () => {
  assert.equal(restConfig({}).adminListeners, null);
  assert.deepEqual(restConfig({ 'admin.listeners': '' }).adminListeners, []);
  const { adminListeners } = restConfig({ 'admin.listeners': 'http://a:1' });
  assert.deepEqual(adminListeners, [{ protocol: 'http', host: 'a', port: 1 }]);
});

test('R2.13 topics are tracked and may be reset unless that is false', () => {
  assert.deepEqual(restConfig({}).topicTracking, { isEnabled: true, isResetAllowed: true });
  const off = { 'topic.tracking.enable': 'False', 'topic.tracking.allow.reset': 'false' };
  assert.deepEqual(restConfig(off).topicTracking, { isEnabled: false, isResetAllowed: false });
});
