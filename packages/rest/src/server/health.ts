import type { WorkerHealth } from '../contract/wire.ts';
import type { Resource, ResourceAnswer, ResourceContext } from './resource.ts';

/** How long the herder may take to show that it is alive (R1.05). */
const HEALTH_TIMEOUT_MS = 10_000;

/** `GET /health` (KIP-1017, R1.22). */
export const HEALTH_RESOURCES: readonly Resource[] = [
  { path: '/health', methods: { GET: workerHealth } },
];

async function workerHealth({ herder }: ResourceContext): Promise<ResourceAnswer> {
  const { promise: timeout, resolve } = Promise.withResolvers<'timeout'>();
  const timer = setTimeout(() => resolve('timeout'), HEALTH_TIMEOUT_MS);
  try {
    const answered = await Promise.race([
      herder.connectors().then(() => 'alive' as const),
      timeout,
    ]);
    if (answered === 'timeout')
      return health(500, 'unhealthy', `The herder did not answer in time. ${herder.stage()}`);
  } finally {
    clearTimeout(timer);
  }
  return herder.isReady
    ? health(200, 'healthy', 'The worker has started and takes requests.')
    : health(503, 'starting', `The worker is still starting. ${herder.stage()}`);
}

function health(status: number, state: WorkerHealth['status'], message: string): ResourceAnswer {
  const body: WorkerHealth = { status: state, message };
  return { status, body };
}
