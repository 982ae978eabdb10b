import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadApis } from '../../test/recordings.ts';
import { API_INFOS, API_KEYS } from '../gen/api-keys.ts';
import { requestHeaderVersion, responseHeaderVersion } from './header-version.ts';

describe('header versions and the table of APIs', () => {
  test('headers are those that Java chooses, for every API and version', () => {
    let checked = 0;
    for (const api of loadApis()) {
      api.headers.forEach(([request, response], index) => {
        const version = api.minVersion + index;
        const label = `${api.name} version ${version}`;
        assert.equal(requestHeaderVersion(api.key, version), request, label);
        assert.equal(responseHeaderVersion(api.key, version), response, label);
        checked++;
      });
    }
    assert.equal(checked, 302);
  });

  test('an ApiVersions request of the future has the flexible header, its answer not', () => {
    assert.equal(requestHeaderVersion(API_KEYS.ApiVersions, 99), 2);
    assert.equal(responseHeaderVersion(API_KEYS.ApiVersions, 99), 0);
  });

  test('the table has the APIs, versions and listeners that Java has', () => {
    const recorded = loadApis();
    assert.equal(recorded.length, 89);
    assert.equal(Object.keys(API_INFOS).length, recorded.length);
    for (const api of recorded) {
      const info = API_INFOS[api.key];
      assert.equal(info?.minVersion, api.minVersion, api.name);
      assert.equal(info?.maxVersion, api.maxVersion, api.name);
      assert.equal(info?.latestStableVersion, api.latestStableVersion, api.name);
      const listeners = api.listeners.map((listener) => listener.toLowerCase()).sort();
      assert.deepEqual([...(info?.listeners ?? [])].sort(), listeners, api.name);
      assert.equal(info?.name.toUpperCase(), api.name.replaceAll('_', ''));
      assert.equal(API_KEYS[info?.name ?? 'Fetch'], api.key);
    }
  });

  test('an unknown API is refused', () => {
    assert.throws(() => requestHeaderVersion(12345, 0), { code: 'UnsupportedVersion' });
    assert.throws(() => responseHeaderVersion(-1, 0), { code: 'UnsupportedVersion' });
  });
});
