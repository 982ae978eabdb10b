import type { WorkerHealth } from '../../contract/wire.ts';
import type { Resource, ResourceAnswer, ResourceContext } from '../resource.ts';

/** How long the herder may take to show that it is alive (R1.05). */
const HEALTH_TIMEOUT_MS = 10_000;

/** `GET /health` (KIP-1017, R1.22). */
export const HEALTH_RESOURCES: readonly Resource[] = [
  {
    path: '/health',
    methods: {
      GET: {
        about: 'Whether the worker has started and answers.',
        gives: { 200: 'WorkerHealth' },
        refuses: [503],
        isBodyTypeIgnored: true,
        run: (context) => workerHealth(context),
      },
    },
  },
];

/** @param timeoutMs how long to wait for the herder */
export async function workerHealth(
  { herder }: Pick<ResourceContext, 'herder'>,
  timeoutMs = HEALTH_TIMEOUT_MS,
): Promise<ResourceAnswer> {
  const { promise: timeout, resolve } = Promise.withResolvers<'timeout'>();
  const timer = setTimeout(() => resolve('timeout'), timeoutMs);
  try {
    const alive = herder.connectors().then(() => 'alive' as const);
    const answered = await Promise.race([alive, timeout]);
    if (answered === 'timeout')
      return health(
        500,
        'unhealthy',
        'Worker was unable to handle this request and may be unable to handle other requests. ' +
          herder.stage(),
      );
  } finally {
    clearTimeout(timer);
  }
  return herder.isReady
    ? health(200, 'healthy', 'Worker has completed startup and is ready to handle requests.')
    : health(503, 'starting', `Worker is still starting up. ${herder.stage()}`);
}

function health(status: number, state: WorkerHealth['status'], message: string): ResourceAnswer {
  const body: WorkerHealth = { status: state, message };
  return { status, body };
}
