import type { ClientConfigOverridePolicy } from '@sluice/api';
import { overridePolicy } from '../validation/override-policy.ts';
import type { WorkerContext } from './worker-context.ts';

/**
 * The policy of a worker about settings of clients that connectors override.
 *
 * @throws ConfigError when it is not known
 */
export function workerOverridePolicy({
  overridePolicy: given,
  values,
}: WorkerContext): ClientConfigOverridePolicy {
  return (
    given ??
    overridePolicy(
      values['connector.client.config.override.policy'],
      values['connector.client.config.override.allowlist'],
    )
  );
}
