import { RestError } from '@sluice/rest';
import type { RestClient } from '@sluice/rest/client';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '../../../packages/kafka/test/faults/seeded-random.ts';

type Props = Readonly<Record<string, string>>;

const ACTIONS = [
  'pause',
  'stop',
  'restart',
  'restart-task',
  'configure',
  'create-and-delete',
  'look',
] as const;

/** A connector that comes and goes. */
const GUEST = 'guest';
const STAY_MS = 2_000;
const SERVER_ERROR = 500;

/** What operators do all day, by chance: pauses, restarts, new configs, and many questions. */
export class SoakChurn {
  readonly #client: RestClient;
  readonly #baseUrl: string;
  readonly #random: SeededRandom;
  readonly #configs: readonly Props[];
  /** How often each was done. */
  readonly done = new Map<string, number>();
  /** What was not to be done just then. */
  readonly refused: string[] = [];
  /** Answers that nobody should get. */
  readonly problems: string[] = [];

  constructor(options: {
    readonly client: RestClient;
    readonly baseUrl: string;
    readonly random: SeededRandom;
    readonly configs: readonly Props[];
  }) {
    this.#client = options.client;
    this.#baseUrl = options.baseUrl;
    this.#random = options.random;
    this.#configs = options.configs;
  }

  /** One thing, done to one connector; leaves it running. */
  async act(): Promise<void> {
    const config = this.#configs[this.#random.between(0, this.#configs.length - 1)] ?? {};
    const action = this.#random.pick(ACTIONS);
    try {
      await this.#do(action, config);
      this.done.set(action, (this.done.get(action) ?? 0) + 1);
    } catch (error) {
      // 409: it is being started just now; 404: the last change has not told it its tasks yet.
      const isRefused = error instanceof RestError && error.status < SERVER_ERROR;
      if (isRefused) this.refused.push(`${action}: ${error.message}`);
      if (isRefused && action !== 'pause' && action !== 'stop') return;
      this.problems.push(`${action} of ${config['name']}: ${String(error)}`);
    }
  }

  async #do(action: (typeof ACTIONS)[number], config: Props): Promise<void> {
    const client = this.#client;
    const name = config['name'] ?? '';
    switch (action) {
      case 'pause':
        await client.pauseConnector(name);
        await sleep(STAY_MS);
        await client.resumeConnector(name);
        return;
      case 'stop':
        await client.stopConnector(name);
        await sleep(STAY_MS);
        await client.resumeConnector(name);
        return;
      case 'restart':
        await client.restartConnector(name, { includeTasks: true });
        return;
      case 'restart-task':
        await client.restartTask(name, 0);
        return;
      case 'configure':
        await client.putConnectorConfig(name, { ...config, 'x.changed': String(Date.now()) });
        return;
      case 'create-and-delete': {
        const source = this.#configs.find(({ topic }) => topic !== undefined) ?? config;
        const own = { ...source, name: GUEST, topic: GUEST, ledger: '/dev/null' };
        await client.putConnectorConfig(GUEST, own);
        await sleep(STAY_MS);
        await client.deleteConnector(GUEST);
        return;
      }
      case 'look':
        await this.#look(name);
    }
  }

  /** The questions that dashboards ask, and some that are wrong. */
  async #look(name: string): Promise<void> {
    const paths = [
      '/connectors?expand=status&expand=info',
      `/connectors/${name}/status`,
      `/connectors/${name}/offsets`,
      `/connectors/${name}/topics`,
      '/metrics',
      '/connector-plugins',
      '/connectors/nobody',
      '/nothing/here',
      '/admin/loggers',
      '/sluice/v1/health',
    ];
    for (const path of paths) {
      const answer = await fetch(`${this.#baseUrl}${path}`);
      await answer.arrayBuffer();
      if (answer.status >= SERVER_ERROR) this.problems.push(`GET ${path}: ${answer.status}`);
    }
  }
}
