import { nearestName } from '@sluice/api';
import type { ConnectorConfigInput, LintFinding } from '@sluice/rest';
import type { Plugin } from '../plugins/plugin-catalog.ts';
import { DEPRECATED_KEYS } from './deprecated-keys.ts';
import type { KnownKeys } from './known-keys.ts';

type Finding = Omit<LintFinding, 'severity'>;

/** Keys that nobody knows, with what was probably meant; by prefix, because typing errors are. */
export function unknownKeyFindings(config: ConnectorConfigInput, known: KnownKeys): Finding[] {
  return Object.keys(config).flatMap((key) => {
    if (key.trim() === '') return [finding('unknown-key', key, 'There is a key without a name.')];
    const alias = unknownAlias(key, known);
    if (alias !== null) return [alias];
    // Only prefixes that are known are asked: else the connector's own keys count.
    const group = known.groups.find(({ prefix }) => key.startsWith(prefix));
    if (group === undefined || group.isOpen) return [];
    const rest = key.slice(group.prefix.length);
    if (group.keys.includes(rest) || DEPRECATED_KEYS.has(key)) return [];
    return [unknownKey(key, group.prefix, nearestOf(key, group, known))];
  });
}

/** Values that look like secrets and stand there as they are. */
export function secretFindings(
  config: ConnectorConfigInput,
  passwords: ReadonlySet<string>,
): Finding[] {
  return Object.entries(config).flatMap(([key, value]) => {
    const isSecret = passwords.has(key) || SECRET_NAME.test(key);
    if (!isSecret || value === null || value.trim() === '' || REFERENCE.test(value)) return [];
    if (SECRET_EXCEPTIONS.test(key)) return [];
    return [
      finding(
        'plain-secret',
        key,
        `"${key}" looks like a secret and stands in the config as it is: everybody who may read ` +
          'the config, or the config topic, can read it.',
        'Put it where a config provider finds it, and refer to it: ${file:/path/to/file:key}.',
      ),
    ];
  });
}

/** Keys that are going away or are gone. */
export function deprecatedFindings(config: ConnectorConfigInput): Finding[] {
  const findings: Finding[] = [];
  for (const key of Object.keys(config)) {
    const instead = DEPRECATED_KEYS.get(key);
    if (instead !== undefined)
      findings.push(finding('deprecated-key', key, `"${key}" is deprecated: ${instead}.`));
  }
  for (const [key, value] of Object.entries(config)) {
    const match = /^transforms\.(.+)\.(blacklist|whitelist)$/.exec(key);
    if (match === null || value === null) continue;
    const modern = match[2] === 'blacklist' ? 'exclude' : 'include';
    findings.push(
      finding(
        'deprecated-key',
        key,
        `"${key}" was removed from ReplaceField in Kafka 4.0.`,
        `transforms.${match[1]}.${modern}`,
      ),
    );
  }
  return findings;
}

/** Settings that contradict each other, or that have no effect as they stand. */
export function combinationFindings(config: ConnectorConfigInput, connector: Plugin): Finding[] {
  const value = (key: string): string => config[key]?.trim() ?? '';
  const isTrue = (key: string): boolean => value(key).toLowerCase() === 'true';
  const has = (key: string): boolean => value(key) !== '';
  const findings: Finding[] = [];
  const add = (key: string, message: string, suggestion: string | null = null): void => {
    findings.push(finding('impossible-combination', key, message, suggestion));
  };
  for (const side of ['key', 'value', 'header'] as const) {
    const key = `${side}.converter`;
    if (has(key)) continue;
    const lost = Object.keys(config).find((each) => each.startsWith(`${key}.`));
    if (lost !== undefined)
      add(lost, `"${lost}" has no effect, because "${key}" is not set on the connector.`, key);
  }
  const letters = `${connector.type === 'source' ? 'sluice.' : ''}errors.deadletterqueue.topic.name`;
  if (has(letters) && value('errors.tolerance') !== 'all')
    add(
      letters,
      `"${letters}" is set, but errors.tolerance is none: the first bad record goes there and the ` +
        'task fails.',
      'errors.tolerance=all',
    );
  if (connector.type === 'source' && has('errors.deadletterqueue.topic.name'))
    add(
      'errors.deadletterqueue.topic.name',
      'Source connectors have no dead letters under this name.',
      'sluice.errors.deadletterqueue.topic.name',
    );
  if (value('errors.tolerance') === 'all' && !has(letters) && !isTrue('errors.log.enable'))
    add(
      'errors.tolerance',
      'errors.tolerance=all skips bad records, and nothing tells which: neither the log nor dead ' +
        'letters are on.',
      'errors.log.enable=true',
    );
  if (isTrue('errors.log.include.messages') && !isTrue('errors.log.enable'))
    add(
      'errors.log.include.messages',
      '"errors.log.include.messages" has no effect without errors.log.enable=true.',
      'errors.log.enable=true',
    );
  if (has('errors.retry.delay.max.ms') && ['', '0'].includes(value('errors.retry.timeout')))
    add(
      'errors.retry.delay.max.ms',
      '"errors.retry.delay.max.ms" has no effect: errors.retry.timeout is 0, so nothing is retried.',
      'errors.retry.timeout',
    );
  if (value('exactly.once.support').toLowerCase() === 'required')
    add('exactly.once.support', 'A standalone worker gives no exactly-once guarantee.');
  return [...findings, ...creationFindings(config)];
}

function creationFindings(config: ConnectorConfigInput): Finding[] {
  const used = Object.keys(config).filter((key) => key.startsWith('topic.creation.'));
  if (used.length === 0) return [];
  const required = [
    'topic.creation.default.partitions',
    'topic.creation.default.replication.factor',
  ];
  return required
    .filter((key) => (config[key]?.trim() ?? '') === '')
    .map((key) =>
      finding(
        'impossible-combination',
        key,
        `"${key}" has to be set as soon as any topic.creation.* key is: the connector will not ` +
          'start without it.',
        `${key}=-1`,
      ),
    );
}

const SECRET_NAME = /password|passwd|secret|token|credential|api[._-]?key|access[._-]?key|jaas/i;
/** Names that sound like secrets and hold none. */
const SECRET_EXCEPTIONS =
  /\.(class|location|url|file|path|type|id|ms|name|field|endpoint|provider|enable|enabled)$/i;
const REFERENCE = /\$\{[^}]*:[^}]*\}/;

function unknownAlias(key: string, { aliases }: KnownKeys): Finding | null {
  for (const { list, prefix, aliases: known } of aliases) {
    if (!key.startsWith(prefix) || key === list) continue;
    const rest = key.slice(prefix.length);
    if (known.some((alias) => rest.startsWith(`${alias}.`))) return null;
    const alias = rest.split('.', 1)[0] ?? '';
    const nearest = nearestName(alias, known);
    return finding(
      'unknown-key',
      key,
      `"${key}" has no effect: "${list}" does not name "${alias}"` +
        `${nearest === null ? '' : `, but "${nearest}"`}.`,
      nearest === null ? `${list}=${[...known, alias].join(',')}` : replaced(key, prefix, nearest),
    );
  }
  return null;
}

function replaced(key: string, prefix: string, alias: string): string {
  const rest = key.slice(prefix.length);
  return `${prefix}${alias}${rest.slice(rest.indexOf('.'))}`;
}

/** Among the keys of the same prefix; a prefix itself may be misspelt too. */
function nearestOf(
  key: string,
  group: KnownKeys['groups'][number],
  known: KnownKeys,
): string | null {
  const rest = key.slice(group.prefix.length);
  const near = nearestName(rest, group.keys);
  if (near !== null) return `${group.prefix}${near}`;
  if (group.prefix !== '') return null;
  for (const { prefix, keys } of known.groups) {
    if (prefix === '') continue;
    const dots = prefix.split('.').length - 1;
    const parts = key.split('.');
    const start = `${parts.slice(0, dots).join('.')}.`;
    const end = parts.slice(dots).join('.');
    if (nearestName(start, [prefix]) !== null && keys.includes(end)) return prefix + end;
  }
  return null;
}

function unknownKey(key: string, prefix: string, nearest: string | null): Finding {
  const where = prefix === '' ? 'this connector' : `"${prefix}*"`;
  const guess = nearest === null ? '' : ` Did you mean "${nearest}"?`;
  return finding(
    'unknown-key',
    key,
    `"${key}" is not known to ${where} and has no effect.${guess}`,
    nearest,
  );
}

function finding(
  rule: string,
  key: string | null,
  message: string,
  suggestion: string | null = null,
): Finding {
  return { rule, key, message, suggestion };
}
