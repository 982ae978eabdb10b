import type { ConfigOrigins, Logger } from '@sluice/api';
import type { ConnectorConfig, ConnectorConfigInput } from '@sluice/rest';
import { effectiveOrigins } from '../../config/config-origins.ts';
import { findingsWithOrigins } from '../../lint/finding-origins.ts';
import { findingText } from '../../lint/lint-connector.ts';
import { configProblems } from '../validation/config-problems.ts';
import type { ConfigTryOut } from '../validation/config-try-out.ts';
import type { ConnectorValidator } from '../validation/connector-validator.ts';
import { errorsOf, invalidConfig } from '../validation/invalid-config.ts';
import type { WorkerContext } from '../worker/worker-context.ts';

export interface ConfigAdmissionOptions {
  readonly validator: ConnectorValidator;
  readonly tryOut: ConfigTryOut;
  readonly worker: WorkerContext;
  readonly logger: Logger;
}

/** Decides which configs become connectors: those that are valid and, when asked for, not doubtful. */
export class ConfigAdmission {
  readonly #options: ConfigAdmissionOptions;

  constructor(options: ConfigAdmissionOptions) {
    this.#options = options;
  }

  /**
   * The config as it is kept.
   *
   * @param origins where its values were written
   * @throws RestError 400 with every error (R1.47)
   */
  async admit(config: ConnectorConfigInput, origins: ConfigOrigins): Promise<ConnectorConfig> {
    const infos = await this.#options.validator.validate(config);
    if (infos.error_count > 0) {
      const isAllOverRest = [...origins.values()].every(({ kind }) => kind === 'rest');
      // Where there is but one place, Java's own words are enough.
      if (isAllOverRest) throw invalidConfig(errorsOf(infos));
      const found = effectiveOrigins(config, origins, this.#options.worker.props);
      throw invalidConfig(configProblems(infos, config, found));
    }
    this.#noteFindings(config, origins);
    return textsOf(config);
  }

  /** Doubtful settings: a warning each, or all of them a refusal (`sluice.config.strict`). */
  #noteFindings(config: ConnectorConfigInput, origins: ConfigOrigins): void {
    const { tryOut, worker, logger } = this.#options;
    const { findings } = tryOut.lint(config);
    const texts = findingsWithOrigins(findings, origins).map(findingText);
    if (texts.length > 0 && worker.values['sluice.config.strict']) throw invalidConfig(texts);
    for (const text of texts) logger.warn(`Connector ${config['name'] ?? ''}: ${text}`);
  }
}

function textsOf(config: ConnectorConfigInput): ConnectorConfig {
  return Object.fromEntries(
    Object.entries(config).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}
