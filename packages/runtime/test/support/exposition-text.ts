/** One line with a number, as Prometheus reads it. */
export interface ExposedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** All of one name. */
export interface ExposedFamily {
  readonly help: string;
  readonly type: string;
  readonly samples: readonly ExposedSample[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const COMMENT = new RegExp(`^# (HELP|TYPE) (${NAME}) (.*)$`);
const SAMPLE = new RegExp(
  `^(${NAME})(?:\\{(.*)\\})? (NaN|[+-]Inf|-?\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?)$`,
);
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/;
const HELP_TEXT = /^(?:[^\\\n]|\\[\\n])*$/;
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];
const ESCAPED: Readonly<Record<string, string>> = { '\\n': '\n', '\\"': '"', '\\\\': '\\' };

/**
 * Reads the text format of Prometheus, version 0.0.4, more strictly than Prometheus does: each family
 * is in one piece, begins with its help and its type, has a sample, and no series stands twice.
 *
 * @throws Error naming the line
 */
export function parseExposition(text: string): ReadonlyMap<string, ExposedFamily> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families = new Map<string, ExposedFamily & { readonly samples: ExposedSample[] }>();
  const series = new Set<string>();
  let help: { readonly name: string; readonly text: string } | null = null;
  let current: string | null = null;
  for (const [at, line] of text.slice(0, -1).split('\n').entries()) {
    const fail = (reason: string): never => {
      throw new Error(`line ${at + 1}: ${reason}: ${line}`);
    };
    const [, kind, name = '', rest = ''] = COMMENT.exec(line) ?? [];
    if (kind === 'HELP') {
      if (help !== null || families.has(name)) fail('a second help, or one in the wrong place');
      if (!HELP_TEXT.test(rest)) fail('the help has a wrong escape');
      help = { name, text: rest };
    } else if (kind === 'TYPE') {
      if (help?.name !== name) fail('a type without its help before it');
      if (!TYPES.includes(rest)) fail('no such type');
      families.set(name, { help: help?.text ?? '', type: rest, samples: [] });
      current = name;
      help = null;
    } else {
      const sample = sampleOf(line) ?? fail('no sample');
      if (help !== null || sample.name !== current) fail('a sample outside its family');
      const labels = Object.entries(sample.labels).map(([label, value]) => `${label}=${value}`);
      const key = JSON.stringify([sample.name, ...labels.toSorted()]);
      if (series.has(key)) fail('a series that stands twice');
      series.add(key);
      families.get(sample.name)?.samples.push(sample);
    }
  }
  for (const [name, { samples }] of families)
    if (samples.length === 0) throw new Error(`${name} has no sample`);
  return families;
}

function sampleOf(line: string): ExposedSample | null {
  const [, name, labelText = '', number = ''] = SAMPLE.exec(line) ?? [];
  const labels = labelsOf(labelText);
  return name === undefined || labels === null ? null : { name, labels, value: numberOf(number) };
}

/** Null for what are no labels, or one that stands twice. */
function labelsOf(text: string): Readonly<Record<string, string>> | null {
  const labels: Record<string, string> = {};
  let rest = text;
  while (rest !== '') {
    const [whole = '', name = '', value = '', end = ''] = LABEL.exec(rest) ?? [];
    rest = rest.slice(whole.length);
    const isTorn = whole === '' || (end === ',' && rest === '');
    if (isTorn || name.startsWith('__') || Object.hasOwn(labels, name)) return null;
    labels[name] = value.replaceAll(/\\["\\n]/g, (escape) => ESCAPED[escape] ?? escape);
  }
  return labels;
}

function numberOf(text: string): number {
  if (text.endsWith('Inf')) return text.startsWith('-') ? -Infinity : Infinity;
  return Number(text);
}
