import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { getOwn } from '../data/struct.ts';
import { valueEquals } from '../data/value-equals.ts';
import { ConfigError } from '../errors/config-error.ts';
import {
  recordedError,
  recordingLines,
  type RecordingLine,
} from '../java-recording/recording-line.ts';
import { taggedValue } from '../java-recording/tagged-value.ts';
import { ConfigDef } from './config-def.ts';
import type { ConfigKeySpec, ConfigType } from './config-key.ts';
import { parseType } from './parse-type.ts';
import { Password } from './password.ts';
import type { Validator } from './validator.ts';
import {
  atLeast,
  atMostOfSize,
  between,
  caseInsensitiveValidString,
  composite,
  nonEmptyString,
  nonEmptyStringWithoutControlChars,
  nonNull,
  validList,
  validString,
} from './validators.ts';

const GOLDEN = new URL('../../golden/config-def.jsonl.gz', import.meta.url);
const LINES = recordingLines(gunzipSync(readFileSync(GOLDEN)).toString());

function casesOf(op: string, least: number): readonly RecordingLine[] {
  const cases = LINES.filter((line) => line['op'] === op);
  assert.ok(cases.length >= least, `${cases.length} cases of ${op}`);
  return cases;
}

/** The definition that Java was given. */
function definitionOf(line: RecordingLine): ConfigDef {
  const keys: readonly object[] = JSON.parse(JSON.stringify(line['def']));
  return new ConfigDef(
    Object.fromEntries(keys.map((key) => [String(getOwn(key, 'name')), specOf(key)])),
  );
}

function specOf(key: object): ConfigKeySpec {
  const { type, importance, dependents, order }: ConfigKeySpec & { order: number } = JSON.parse(
    JSON.stringify(key),
  );
  const validator = validatorOf(getOwn(key, 'validator'));
  const group = getOwn(key, 'group');
  return {
    type,
    importance,
    doc: 'doc',
    orderInGroup: order,
    ...(dependents === undefined ? {} : { dependents }),
    ...(typeof group === 'string' ? { group } : {}),
    ...(Object.hasOwn(key, 'default') ? { default: getOwn(key, 'default') } : {}),
    ...(validator === null ? {} : { validator }),
    ...(getOwn(key, 'recommends') === true ? { recommender: RECOMMENDER } : {}),
  };
}

const RECOMMENDER = {
  validValues: (name: string) => [name, 'r'],
  visible: (_name: string, config: Readonly<Record<string, unknown>>) =>
    (config['key.a'] ?? null) !== null,
};

function validatorOf(description: unknown): Validator | null {
  if (!Array.isArray(description)) return null;
  const [kind, ...parts]: readonly unknown[] = description;
  const texts = parts.filter((part) => typeof part === 'string');
  switch (kind) {
    case 'at-least':
      return atLeast(Number(parts[0]));
    case 'between':
      return between(Number(parts[0]), Number(parts[1]));
    case 'list':
      return validList(texts, {
        isEmptyAllowed: parts[0] === true,
        isNullAllowed: parts[1] === true,
      });
    case 'list-size':
      return atMostOfSize(Number(parts[0]));
    case 'string':
      return validString(...texts);
    case 'any-case':
      return caseInsensitiveValidString(...texts);
    case 'non-empty':
      return nonEmptyString();
    case 'no-control':
      return nonEmptyStringWithoutControlChars();
    case 'composite':
      return composite(nonNull(), nonEmptyString());
    default:
      return nonNull();
  }
}

function propsOf(line: RecordingLine): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(Object(line['props'])));
}

/** LONGs are parsed to numbers, passwords show what they hide. */
function comparable(value: unknown): unknown {
  if (value instanceof Password) return `password ${value.value()}`;
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Number(value)
    : value;
}

/** Where Java trips over its own null there is nothing to compare with. */
function expectEqual(wrong: unknown[], line: RecordingLine, ours: unknown, java: unknown): void {
  if (recordedError(line)?.class === 'java.lang.NullPointerException') return;
  if (!valueEquals(ours, java)) wrong.push({ line: JSON.stringify(line), ours, java });
}

function report(wrong: readonly unknown[]): void {
  assert.deepEqual(
    wrong.map((each) => inspect(each, { breakLength: Infinity, depth: 9 })),
    [],
  );
}

/** What a call gives, or the message of what it throws. */
function outcome(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    if (error instanceof ConfigError) return `error ${error.message}`;
    throw error;
  }
}

test('R6.10 single values are parsed as Java parses them', () => {
  const wrong: unknown[] = [];
  for (const line of casesOf('parse-type', 400)) {
    const type: ConfigType = JSON.parse(JSON.stringify(line['type']));
    const ours = outcome(() => comparable(parseType('k', line['value'], type)));
    const java = recordedError(line);
    const expected =
      java === null ? comparable(taggedValue(line['result'], null)) : `error ${java.message}`;
    expectEqual(wrong, line, ours, expected);
  }
  report(wrong);
});

test('configs are parsed as Java parses them', () => {
  const wrong: unknown[] = [];
  for (const line of casesOf('parse', 1500)) {
    const ours = outcome(() => {
      const parsed = Object.entries(definitionOf(line).parse(propsOf(line)));
      return Object.fromEntries(parsed.map(([name, value]) => [name, comparable(value)]));
    });
    const java = recordedError(line);
    const values = Object.entries(Object(line['values']));
    const expected =
      java === null
        ? Object.fromEntries(
            values.map(([name, value]) => [name, comparable(taggedValue(value, null))]),
          )
        : java.class.endsWith('ConfigException')
          ? `error ${java.message}`
          : java;
    expectEqual(wrong, line, ours, expected);
  }
  report(wrong);
});

test('R6.10 configs are validated as Java validates them: values, errors, recommendations', () => {
  const wrong: unknown[] = [];
  for (const line of casesOf('validate', 1500)) {
    const ours = outcome(() => {
      const values = definitionOf(line).validate(propsOf(line));
      return Object.fromEntries(
        values.map((value) => [
          value.name,
          {
            value: comparable(value.value),
            errors: value.errorMessages,
            recommended: value.recommendedValues,
            visible: value.visible,
          },
        ]),
      );
    });
    const java = recordedError(line);
    const expected =
      java ??
      Object.fromEntries(
        Object.entries(Object(line['values'])).map(([name, entry]) => [
          name,
          {
            value: comparable(taggedValue(getOwn(Object(entry), 'value'), null)),
            errors: getOwn(Object(entry), 'errors'),
            recommended: taggedValue(getOwn(Object(entry), 'recommended'), null),
            visible: getOwn(Object(entry), 'visible'),
          },
        ]),
      );
    expectEqual(wrong, line, ours, expected);
  }
  report(wrong);
});

test("keys stand in the order of Java's documentation", () => {
  const wrong: unknown[] = [];
  for (const line of casesOf('order', 1400)) {
    if (recordedError(line) !== null) continue;
    expectEqual(
      wrong,
      line,
      definitionOf(line)
        .sorted()
        .map((key) => key.name),
      line['names'],
    );
  }
  report(wrong);
});

test('embedded definitions get the keys, groups and validators that Java gives them', () => {
  const wrong: unknown[] = [];
  for (const line of casesOf('embed', 150)) {
    const parent = new ConfigDef({}).embed('pre.', 'Group', 3, definitionOf(line));
    const ours = Array.from(parent.keys.values(), (key) => ({
      name: key.name,
      group: key.group,
      order: key.orderInGroup,
      validator: key.validator === null ? null : String(key.validator),
      dependents: key.dependents,
    }));
    expectEqual(wrong, line, ours, line['keys']);
  }
  for (const line of casesOf('validate-embedded', 150)) {
    const parent = new ConfigDef({}).embed('pre.', 'Group', 3, definitionOf(line));
    const ours = outcome(() => {
      const values = parent.validate(propsOf(line));
      return Object.fromEntries(values.map((value) => [value.name, value.errorMessages]));
    });
    expectEqual(wrong, line, ours, recordedError(line) ?? line['values']);
  }
  report(wrong);
});

test('validators print as Java prints them', () => {
  const wrong: unknown[] = [];
  for (const line of casesOf('parse', 1500)) {
    const keys: readonly object[] = JSON.parse(JSON.stringify(line['def']));
    for (const key of keys) {
      const validator = validatorOf(getOwn(key, 'validator'));
      if (validator !== null)
        expectEqual(wrong, line, String(validator), getOwn(key, 'validValues'));
    }
  }
  report(wrong);
});
