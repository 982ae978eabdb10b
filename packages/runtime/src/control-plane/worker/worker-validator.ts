import type { TaskHost } from '../../task-host/contract.ts';
import { ConnectorValidator } from '../validation/connector-validator.ts';
import type { WorkerContext } from './worker-context.ts';
import { workerOverridePolicy } from './worker-override-policy.ts';

/**
 * The validation of a worker's connectors; `host` runs what needs a plug-in's code.
 *
 * @throws ConfigError when the override policy is not known
 */
export function connectorValidator(
  worker: WorkerContext,
  host: Pick<TaskHost, 'validate'>,
): ConnectorValidator {
  return new ConnectorValidator({
    catalog: worker.catalog,
    converters: worker.converters,
    transformer: worker.transformer,
    policy: workerOverridePolicy(worker),
    validateInCode: (plugin, props) => host.validate(plugin, props),
  });
}
