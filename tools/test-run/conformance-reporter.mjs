// A node:test reporter for docs/reference/conformance.md: which test of which file passed, by its
// whole path of titles, and how many assertions it made (as count-assertions.mjs tells them).
import path from 'node:path';

const cwd = process.cwd();

export default async function* conformanceReporter(source) {
  const tests = [];
  const titles = [];
  const parents = new Set();
  for await (const { type, data } of source) {
    if (type === 'test:start') {
      titles.length = data.nesting;
      if (data.nesting > 0) parents.add(titles.join('\n'));
      titles.push(data.name);
    } else if (type === 'test:pass' || type === 'test:fail') {
      const whole = [...titles.slice(0, data.nesting), data.name];
      const isParent = parents.delete(whole.join('\n'));
      if (data.file === undefined || (isParent && type === 'test:pass')) continue;
      const isSkipped = data.skip !== undefined || data.todo !== undefined;
      tests.push({
        file: path.relative(cwd, data.file).split(path.sep).join('/'),
        title: whole.join(' > '),
        state: isSkipped ? 'skipped' : type === 'test:pass' ? 'passed' : 'failed',
        assertions: 0,
      });
    } else if (type === 'test:diagnostic') {
      const [, count] = /^assertions (\d+)$/.exec(data.message) ?? [];
      const last = tests.at(-1);
      // What a parent counted holds for its children too, which came before it.
      if (count !== undefined && last !== undefined && last.assertions === 0)
        last.assertions = Number(count);
    }
  }
  yield JSON.stringify(tests);
}
