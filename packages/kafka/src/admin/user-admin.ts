import { promisify } from 'node:util';
import { AlterUserScramCredentialsRequest } from '@sluice/protocol/gen/alter-user-scram-credentials-request';
import { AlterUserScramCredentialsResponse } from '@sluice/protocol/gen/alter-user-scram-credentials-response';
import { DescribeUserScramCredentialsRequest } from '@sluice/protocol/gen/describe-user-scram-credentials-request';
import { DescribeUserScramCredentialsResponse } from '@sluice/protocol/gen/describe-user-scram-credentials-response';
import { brokerError } from '../errors/broker-error.ts';
import { nodeCrypto } from '../node-crypto.ts';
import {
  type AdminCalls,
  forEachItem,
  onAnyBroker,
  type Outcome,
  type Outcomes,
  outcomeOf,
} from './admin-calls.ts';
import { SCRAM_MECHANISMS, type ScramMechanism } from './wire-names.ts';

/** A way in which a user may log in. The password can't be read back. */
export interface ScramCredential {
  readonly mechanism: ScramMechanism | 'UNKNOWN';
  readonly iterations: number;
}

/** A password to set, or a mechanism to take away. */
export type ScramChange =
  | {
      readonly type: 'upsert';
      readonly user: string;
      readonly mechanism: ScramMechanism;
      readonly password: string;
      /** Java's default is 4096, which is also the least that brokers take. */
      readonly iterations?: number;
    }
  | { readonly type: 'delete'; readonly user: string; readonly mechanism: ScramMechanism };

const ITERATIONS = 4096;
const SALT_BYTES = 32;
const HASHES = {
  'SCRAM-SHA-256': { name: 'sha256', bytes: 32 },
  'SCRAM-SHA-512': { name: 'sha512', bytes: 64 },
} as const;

/** Users that log in with SCRAM (KIP-554), each with their own outcome. Passwords leave this process salted only. */
export class UserAdmin {
  readonly #calls: AdminCalls;

  constructor(calls: AdminCalls) {
    this.#calls = calls;
  }

  /** These users' credentials, or everybody's. `RESOURCE_NOT_FOUND` for a user without any. */
  describeScram(
    users: readonly string[] | null = null,
  ): Promise<Outcomes<string, readonly ScramCredential[]>> {
    const retry = this.#calls.retry('Describing SCRAM credentials');
    return onAnyBroker(this.#calls, retry, async (connection, timeoutMs) => {
      const response = await connection.request(
        DescribeUserScramCredentialsRequest,
        DescribeUserScramCredentialsResponse,
        () => ({ users: users?.map((name) => ({ name })) ?? null }),
        { timeoutMs },
      );
      const { errorCode, errorMessage, results } = response;
      if (errorCode !== 0) throw brokerError(errorCode, retry.what, errorMessage);
      return new Map(
        results.map((result): [string, Outcome<readonly ScramCredential[]>] => {
          const credentials = result.credentialInfos.map(({ mechanism, iterations }) => ({
            mechanism: SCRAM_MECHANISMS.nameOf(mechanism),
            iterations,
          }));
          const what = `Describing the SCRAM credentials of "${result.user}"`;
          return [result.user, outcomeOf(result.errorCode, what, credentials, result.errorMessage)];
        }),
      );
    });
  }

  /** Outcomes by user; all changes of one user succeed or fail together. */
  async alterScram(changes: readonly ScramChange[]): Promise<Outcomes<string, null>> {
    const { cluster } = this.#calls;
    const { requestTimeoutMs: timeoutMs } = cluster.config;
    const retry = this.#calls.retry('Altering SCRAM credentials');
    const request = await requestOf(changes);
    const users = [...new Set(changes.map(({ user }) => user))];
    return forEachItem(cluster, users, retry, async (open) => {
      const connection = await cluster.controller();
      const response = await connection.request(
        AlterUserScramCredentialsRequest,
        AlterUserScramCredentialsResponse,
        () => ({
          deletions: request.deletions.filter(({ name }) => open.includes(name)),
          upsertions: request.upsertions.filter(({ name }) => open.includes(name)),
        }),
        { timeoutMs },
      );
      return new Map(
        response.results.map(({ user, errorCode, errorMessage }): [string, Outcome<null>] => [
          user,
          outcomeOf(errorCode, `Altering the SCRAM credentials of "${user}"`, null, errorMessage),
        ]),
      );
    });
  }
}

async function requestOf(
  changes: readonly ScramChange[],
): Promise<AlterUserScramCredentialsRequest> {
  const deletions: AlterUserScramCredentialsRequest['deletions'][number][] = [];
  const upsertions: AlterUserScramCredentialsRequest['upsertions'][number][] = [];
  for (const change of changes) {
    const mechanism = SCRAM_MECHANISMS.codeOf(change.mechanism);
    if (change.type === 'delete') {
      deletions.push({ name: change.user, mechanism });
      continue;
    }
    const { iterations = ITERATIONS, password, user: name } = change;
    const hash = HASHES[change.mechanism];
    const { pbkdf2, randomBytes } = nodeCrypto();
    const stretch = promisify(pbkdf2);
    const salt = randomBytes(SALT_BYTES);
    const saltedPassword = await stretch(password, salt, iterations, hash.bytes, hash.name);
    upsertions.push({ name, mechanism, iterations, salt, saltedPassword });
  }
  return { deletions, upsertions };
}
