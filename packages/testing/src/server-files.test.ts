import assert from 'node:assert/strict';
import { it } from 'node:test';
import { propertiesText } from './server-files.ts';

it('writes properties that Java reads back as they were', () => {
  assert.equal(
    propertiesText({ 'a.b': 'x=y: z', 'with space': 'back\\slash' }),
    'a.b=x=y: z\nwith\\ space=back\\\\slash\n',
  );
});
