import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResultColumn } from '../database/table.ts';
import { numericForm, type NumericForm, type NumericMapping } from './numeric-mapping.ts';

function column(precision: number, scale: number): ResultColumn {
  return {
    name: 'n',
    jdbcType: 'NUMERIC',
    typeName: 'numeric',
    precision,
    scale,
    isSigned: true,
    isNullable: true,
    isAutoIncrement: false,
  };
}

/** precision, scale, then what each mapping gives: none, precision_only, best_fit, eager. */
const TABLE: readonly (readonly [number, number, ...NumericForm[]])[] = [
  [2, 0, 'DECIMAL', 'INT8', 'INT8', 'INT8'],
  [3, 0, 'DECIMAL', 'INT16', 'INT16', 'INT16'],
  [5, 0, 'DECIMAL', 'INT32', 'INT32', 'INT32'],
  [10, 0, 'DECIMAL', 'INT64', 'INT64', 'INT64'],
  [18, 0, 'DECIMAL', 'INT64', 'INT64', 'INT64'],
  [19, 0, 'DECIMAL', 'DECIMAL', 'DECIMAL', 'DECIMAL'],
  [10, 2, 'DECIMAL', 'DECIMAL', 'FLOAT64', 'FLOAT64'],
  [30, 2, 'DECIMAL', 'DECIMAL', 'DECIMAL', 'FLOAT64'],
  [5, -2, 'DECIMAL', 'DECIMAL', 'INT32', 'INT32'],
  [0, 0, 'DECIMAL', 'DECIMAL', 'DECIMAL', 'DECIMAL'],
];
const MAPPINGS: readonly NumericMapping[] = [
  'none',
  'precision_only',
  'best_fit',
  'best_fit_eager_double',
];

test('the table of numeric mappings: precision and scale decide, no precision stays exact', () => {
  for (const [precision, scale, ...forms] of TABLE) {
    const found = MAPPINGS.map((mapping) => numericForm(mapping, column(precision, scale)));
    assert.deepEqual(found, forms, `numeric(${precision},${scale})`);
  }
});
