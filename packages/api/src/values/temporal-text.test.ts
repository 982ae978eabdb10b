import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { dateText } from '../text/date-text.ts';
import { civilDateOf, epochDayOf } from '../text/hybrid-calendar.ts';
import { parseTemporal, temporalText } from './temporal-text.ts';

const ZONE = process.env['TZ'];

afterEach(() => {
  if (ZONE === undefined) delete process.env['TZ'];
  else process.env['TZ'] = ZONE;
});

test('the form follows the value: time of day, day, or both', () => {
  process.env['TZ'] = 'UTC';
  assert.equal(temporalText(new Date(-1)), '23:59:59.999Z');
  assert.equal(temporalText(new Date(86_399_999)), '23:59:59.999Z');
  assert.equal(temporalText(new Date(86_400_000)), '1970-01-02');
  assert.equal(temporalText(new Date(86_400_001)), '1970-01-02T00:00:00.001Z');
});

test('dates are printed and parsed in the zone of the process, in spite of the Z, as in Java', () => {
  process.env['TZ'] = 'Asia/Tokyo';
  const text = '2024-01-31T12:34:56.789Z';
  const instant = new Date('2024-01-31T03:34:56.789Z');
  assert.deepEqual(parseTemporal(text)?.value, instant);
  assert.equal(temporalText(instant), text);
  assert.equal(dateText(new Date(0)), 'Thu Jan 01 09:00:00 GMT+9 1970');
});

test('fields roll over, and old dates are in the Julian calendar, as in Java', () => {
  process.env['TZ'] = 'UTC';
  const cases: readonly (readonly [string, string])[] = [
    ['2024-13-45', '2025-02-14T00:00:00.000Z'],
    ['25:61:61.999Z', '1970-01-02T02:02:01.999Z'],
    ['1582-10-15', '1582-10-15T00:00:00.000Z'],
    ['1582-10-04', '1582-10-14T00:00:00.000Z'],
    ['0001-01-01', '0000-12-30T00:00:00.000Z'],
  ];
  for (const [text, iso] of cases) assert.equal(parseTemporal(text)?.value.toISOString(), iso);
  assert.equal(dateText(new Date('1500-01-10T00:00:00Z')), 'Wed Jan 01 00:00:00 UTC 1500');
});

test('days of both calendars and their dates belong together', () => {
  for (let day = -1_500_000; day < 1_000_000; day += 97) {
    assert.equal(epochDayOf(civilDateOf(day)), day);
  }
});
