import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Identifiers, type IdentifierRules } from './identifiers.ts';

const RULES: IdentifierRules = {
  open: '"',
  close: '"',
  fold: 'lower',
  lengthMax: 63,
  lengthUnit: 'bytes',
  parts: ['schema'],
};
const names = new Identifiers(RULES);

describe('Identifiers', () => {
  it('takes names apart at dots, but not within quotes', () => {
    assert.deepEqual(names.parse('t'), { catalog: null, schema: null, name: 't' });
    assert.deepEqual(names.parse('s.t'), { catalog: null, schema: 's', name: 't' });
    assert.deepEqual(names.parse('c.s.t'), { catalog: 'c', schema: 's', name: 't' });
    assert.deepEqual(names.parse('s."a.b""c"'), { catalog: null, schema: 's', name: 'a.b"c' });
    assert.throws(() => names.parse('a.b.c.d'), /more parts than catalog\.schema\.table/);
    const mysql = new Identifiers({ ...RULES, open: '`', close: '`', parts: ['catalog'] });
    assert.deepEqual(mysql.parse('db.t'), { catalog: 'db', schema: null, name: 't' });
  });

  it('folds with quote.sql.identifiers=never, and quotes all the same', () => {
    assert.equal(new Identifiers(RULES, 'never').quote('A; DROP'), '"a; drop"');
    assert.equal(names.quote('A'), '"A"');
  });

  it('cuts names as the database would, never within a character', () => {
    assert.equal(names.effective('a'.repeat(70)), 'a'.repeat(63));
    assert.equal(names.effective('ä'.repeat(40)), 'ä'.repeat(31));
    assert.equal(names.effective('😀'.repeat(20)), '😀'.repeat(15));
  });
});
