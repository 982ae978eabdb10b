import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  dateText,
  instantNanosOf,
  timeText,
  timestampNanosText,
  timestampText,
} from './temporal-text.ts';
import { TimeZone, isTimeZone } from './time-zone.ts';

const UTC = new TimeZone('UTC');
const BERLIN = new TimeZone('Europe/Berlin');

describe('times as text', () => {
  it('writes instants as wall clocks of a zone', () => {
    const at = Date.parse('2020-07-01T00:00:00.123Z');
    assert.equal(timestampText(at, UTC), '2020-07-01 00:00:00.123');
    assert.equal(timestampText(at, BERLIN), '2020-07-01 02:00:00.123');
    assert.equal(timestampText(at, new TimeZone('Asia/Kathmandu')), '2020-07-01 05:45:00.123');
    assert.equal(timestampText(at, new TimeZone('GMT-3:30')), '2020-06-30 20:30:00.123');
    assert.equal(timestampNanosText(1n, UTC, 9), '1970-01-01 00:00:00.000000001');
    assert.equal(timestampNanosText(-1n, UTC, 6), '1969-12-31 23:59:59.999999');
    assert.equal(timeText(3_723_004_005_006n, 6), '01:02:03.004005');
    assert.equal(timeText(3_723_004_005_006n, 0), '01:02:03');
  });

  it('gives days before October 1582 their Julian dates in the legacy calendar', () => {
    const day = Date.parse('1582-10-14');
    assert.equal(dateText(day), '1582-10-14');
    assert.equal(dateText(day, 'LEGACY'), '1582-10-04');
    assert.equal(dateText(Date.parse('1582-10-15'), 'LEGACY'), '1582-10-15');
    assert.equal(instantNanosOf('1582-10-04', UTC, 'LEGACY'), BigInt(day) * 1_000_000n);
  });

  it('reads back what it writes, in any zone', () => {
    const max = BigInt(Date.parse('2100-01-01')) * 1_000_000n;
    const zones = [UTC, BERLIN, new TimeZone('America/St_Johns'), new TimeZone('+05:45')];
    fc.assert(
      fc.property(fc.bigInt(-max, max), fc.constantFrom(...zones), (nanos, zone) => {
        const text = timestampNanosText(nanos, zone, 9);
        const read = instantNanosOf(text, zone);
        // In the hour that comes twice, text stands for the first of two instants.
        const wall = timestampNanosText(read ?? 0n, zone, 9);
        assert.equal(wall, text);
        if (zone.isUtc) assert.equal(read, nanos);
      }),
    );
  });

  it('heeds offsets, and knows what is no time', () => {
    assert.equal(instantNanosOf('2020-07-01 02:00:00+02', BERLIN), 1_593_561_600_000_000_000n);
    assert.equal(instantNanosOf('1970-01-01 00:00:00.5+00', BERLIN), 500_000_000n);
    assert.equal(instantNanosOf('infinity', UTC), null);
    assert.equal(instantNanosOf('0000-00-00 00:00:00', UTC), null);
  });

  it('knows zones by name', () => {
    assert.ok(isTimeZone('Asia/Tokyo'));
    assert.ok(!isTimeZone('Mars/Olympus'));
    assert.throws(
      () => new TimeZone('Mars/Olympus'),
      /Invalid time zone identifier "Mars\/Olympus"/,
    );
  });
});
