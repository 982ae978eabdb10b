import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConnectorFile } from './connector-file.ts';

const refused = (text: string, pattern: RegExp): void =>
  assert.throws(() => parseConnectorFile(text, 'c.json'), pattern, text);

test('what people write that is no JSON is told with what to do', () => {
  refused('{"name": "a", // the name\n"x": "y"}', /\(line 1, column 15\)\. JSON has no comments/);
  refused('{"name": "a", /* b */ "x": "y"}', /JSON has no comments/);
  refused(
    '{"name": "a",\n}',
    /c\.json:2:1: .*There is a comma too many before it, or a value is missing\.$/,
  );
  refused('{"name": {{ .Values.name }}}', /This is a template: give Sluice what it renders\.$/);
  refused('{"name": "a",\n  ...\n}', /Something was left out here: fill it in\.$/);
  refused('{"name": "a",\n  $MORE\n}', /Variables are not replaced here/);
  refused(`{"name": "it\\'s"}`, /In JSON an apostrophe has no backslash/);
  refused('{"name" "a"}', /\(line 1, column \d+\)\.$/);
});

test('no text of the file is shown: it may hold secrets', () => {
  const text = '{"name": "a",\n"password": "hunter2" // hunter3\n}';
  assert.throws(
    () => parseConnectorFile(text, 'c.json'),
    (error: Error) => !error.message.includes('hunter'),
  );
});

test('an array of connectors, a file without a name and names that differ are told', () => {
  refused(
    '[{"name": "a"}, {"name": "b"}]',
    /holds an array: give each connector a file of its own/,
  );
  refused(
    '{"connector.class": "X"}',
    /missing the mandatory 'name'.*PUT \/connectors\/<name>\/config/,
  );
  refused('{"a": "b"}', /missing the mandatory 'name'.*no "connector\.class" either/);
  refused('{"config": {"name": "a"}}', /there is no "name" beside "config", but "name" inside/);
});

test('what stands behind the object does not matter, as in Java', () => {
  assert.equal(parseConnectorFile('{"name": "a"}\n~\n~\n', 'c.json').name, 'a');
});
