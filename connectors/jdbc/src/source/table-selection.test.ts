import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TableId } from '../database/table.ts';
import { Identifiers } from '../dialect/identifiers.ts';
import { checkLists, rejectSameNames, selectTables, type TableLists } from './table-selection.ts';

const IDENTIFIERS = new Identifiers({
  open: '"',
  close: '"',
  fold: 'lower',
  lengthMax: 63,
  lengthUnit: 'bytes',
  parts: ['schema'],
});
const NONE: TableLists = { whitelist: [], blacklist: [], include: [], exclude: [] };
const id = (schema: string, name: string): TableId => ({ catalog: 'shop', schema, name });
const TABLES = [id('public', 'orders'), id('public', 'people'), id('audit', 'log')];

function selected(lists: Partial<TableLists>): readonly string[] {
  return selectTables(TABLES, { ...NONE, ...lists }, IDENTIFIERS).map(({ name }) => name);
}

test('a whitelist takes bare, qualified and quoted names', () => {
  for (const name of [
    'orders',
    'public.orders',
    '"orders"',
    '"public"."orders"',
    'shop.public.orders',
  ]) {
    assert.deepEqual(selected({ whitelist: [name] }), ['orders'], name);
  }
  assert.deepEqual(selected({ whitelist: ['ORDERS'] }), []);
});

test('a blacklist leaves out, no list takes all', () => {
  assert.deepEqual(selected({ blacklist: ['public.orders'] }), ['people', 'log']);
  assert.deepEqual(selected({}), ['orders', 'people', 'log']);
});

test('include and exclude are Java patterns on the whole qualified name', () => {
  assert.deepEqual(selected({ include: ['public\\..*'] }), ['orders', 'people']);
  assert.deepEqual(selected({ include: ['public'] }), []);
  assert.deepEqual(selected({ include: ['.*'], exclude: ['\\Qpublic.\\Ep.*+'] }), [
    'orders',
    'log',
  ]);
  assert.throws(() => selected({ include: ['('] }), /table\.include\.list/);
});

test('lists that exclude each other are refused with what to do', () => {
  assert.throws(() => checkLists({ ...NONE, whitelist: ['a'], blacklist: ['b'] }), /exclusive/);
  assert.throws(
    () => checkLists({ ...NONE, whitelist: ['a'], include: ['b'] }),
    /regular expressions/,
  );
  assert.throws(() => checkLists({ ...NONE, exclude: ['b'] }), /needs table\.include\.list/);
});

test('two tables of one name are refused, and named', () => {
  const twins = [id('public', 'orders'), id('audit', 'orders')];
  assert.throws(
    () => rejectSameNames(twins, IDENTIFIERS),
    /duplicate unqualified table names: public\.orders and audit\.orders.*schema\.pattern/,
  );
  rejectSameNames(TABLES, IDENTIFIERS);
});
