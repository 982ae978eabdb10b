import type { ConnectorConfigInput, LintFinding, LintReport } from '@sluice/rest';
import type { Plugin, PluginCatalog } from '../plugins/plugin-catalog.ts';
import { knownKeys } from './known-keys.ts';
import {
  combinationFindings,
  deprecatedFindings,
  secretFindings,
  unknownKeyFindings,
} from './lint-rules.ts';

export interface LintOptions {
  readonly catalog: PluginCatalog;
  /** `sluice.config.strict`: findings are errors. */
  readonly isStrict: boolean;
}

/**
 * What is doubtful about a connector's config although validation lets it pass: unknown keys with
 * the likely ones, contradictions, secrets in plain text, deprecated keys. Never quotes a value.
 */
export function lintConnector(
  config: ConnectorConfigInput,
  { catalog, isStrict }: LintOptions,
): LintReport {
  const severity = isStrict ? 'error' : 'warning';
  const connector = connectorOf(config, catalog);
  if (typeof connector === 'string') {
    return { findings: [missing(connector)] };
  }
  const passwords = passwordKeys(connector);
  const found = [
    ...unknownKeyFindings(config, knownKeys(connector, config, catalog)),
    ...combinationFindings(config, connector),
    ...deprecatedFindings(config),
    ...secretFindings(config, passwords),
  ];
  return { findings: found.map((each) => ({ severity, ...each })) };
}

/** One finding as a line for the log and the terminal. */
export function findingText({ rule, message, suggestion }: LintFinding): string {
  const hint = suggestion === null || message.includes(suggestion) ? '' : ` Try: ${suggestion}`;
  return `${message}${hint} [${rule}]`;
}

function connectorOf(config: ConnectorConfigInput, catalog: PluginCatalog): Plugin | string {
  const name = config['connector.class']?.trim() ?? '';
  if (name === '') return 'There is no "connector.class": nobody knows what to run.';
  try {
    return catalog.connector(name, config['connector.plugin.version'] ?? null);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function missing(message: string): LintFinding {
  return {
    severity: 'error',
    rule: 'unknown-class',
    key: 'connector.class',
    message,
    suggestion: null,
  };
}

function passwordKeys(connector: Plugin): ReadonlySet<string> {
  const keys = [...connector.config.keys.values()];
  return new Set(keys.filter(({ type }) => type === 'PASSWORD').map(({ name }) => name));
}
