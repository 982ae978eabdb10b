import {
  badRequest,
  type ConnectorConfigInput,
  type LintReport,
  type PreviewReport,
  type PreviewRequest,
} from '@sluice/rest';
import type { Props } from '@sluice/api';
import { lintConnector } from '../../lint/lint-connector.ts';
import type { TaskHost } from '../../task-host/contract.ts';
import { connectorSpec, taskSpec } from '../worker/task-specs.ts';
import type { WorkerContext } from '../worker/worker-context.ts';
import type { ConnectorValidator } from './connector-validator.ts';
import { errorsOf, invalidConfig } from './invalid-config.ts';

export interface ConfigTryOutOptions {
  readonly host: Pick<TaskHost, 'preview'>;
  readonly worker: WorkerContext;
  readonly validator: ConnectorValidator;
}

/** Long enough for a slow source's first records, well below the limit of a request. */
const SAMPLE_MS_MAX = 10_000;
const RECORDS_MAX = 100;
const UNNAMED = 'preview';

/** What can be said of a config without deploying it: lint, and a preview on some records. */
export class ConfigTryOut {
  readonly #options: ConfigTryOutOptions;

  constructor(options: ConfigTryOutOptions) {
    this.#options = options;
  }

  lint(config: ConnectorConfigInput): LintReport {
    const { catalog, values } = this.#options.worker;
    return lintConnector(config, { catalog, isStrict: values['sluice.config.strict'] });
  }

  /** @throws RestError 400 when the config is not valid */
  async preview({ config, records }: PreviewRequest): Promise<PreviewReport> {
    const { host, worker, validator } = this.#options;
    if (!Number.isInteger(records) || records < 1 || records > RECORDS_MAX)
      throw badRequest(`"records" is ${records}: ask for 1 to ${RECORDS_MAX}.`);
    const name = config['name'] ?? UNNAMED;
    const named = { ...config, name };
    const infos = await validator.validate(named);
    if (infos.error_count > 0) throw invalidConfig(errorsOf(infos));
    const plugin = validator.connectorOf(named);
    const { props } = await worker.transformer.transform(textsOf(named));
    const connector = { name, plugin, props };
    return host.preview({
      connector: connectorSpec(connector, 'STARTED', worker),
      task: taskSpec(connector, { connector: name, task: 0 }, props, 'STARTED', worker),
      records,
      timeoutMs: SAMPLE_MS_MAX,
    });
  }
}

function textsOf(config: ConnectorConfigInput): Props {
  const texts = Object.entries(config).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  return Object.fromEntries(texts);
}
