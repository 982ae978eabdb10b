import type { Clock } from '../../../clock.ts';
import { KafkaError } from '../../../errors/kafka-error.ts';
import type { KafkaLogger } from '../../../logger.ts';
import type { OAuthLogin, TokenSource } from '../sasl-settings.ts';
import { type BearerToken, parseToken } from './bearer-token.ts';

/** What a cache needs from its client. */
interface CacheOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: KafkaLogger;
}

interface Held {
  readonly token: BearerToken;
  readonly refreshAtMs: number;
}

/** Before a refresh that failed is tried again while the token is still good. */
const RETRY_MS = 10_000;

/**
 * The token of one client: fetched when it is first needed, and replaced when
 * `sasl.login.refresh.window.factor` of its life is over. All its connections share it.
 *
 * Java refreshes in a thread; here the first login after that time does. A session never outlives
 * its token and is renewed at 85 to 95 percent of its own time, so a token that has to be replaced
 * always meets a login that does it.
 */
export class TokenCache {
  readonly #login: OAuthLogin;
  readonly #options: CacheOptions;
  #held: Held | null = null;
  #fetching: Promise<BearerToken> | null = null;

  constructor(login: OAuthLogin, options: CacheOptions) {
    this.#login = login;
    this.#options = options;
  }

  /**
   * A token that is good now.
   *
   * @throws KafkaError `SASL_AUTHENTICATION_FAILED`, not retriable, when none is given;
   *   `NETWORK_EXCEPTION`, retriable, when the token server can't be reached
   */
  async get(): Promise<BearerToken> {
    const held = this.#held;
    if (held !== null && this.#options.clock.wall() < held.refreshAtMs) return held.token;
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = null;
    });
    return this.#fetching;
  }

  /** The broker did not take the token: the next login fetches another one. */
  refused(): void {
    this.#held = null;
  }

  async #fetch(): Promise<BearerToken> {
    const { clock, logger } = this.#options;
    try {
      const text = await tokenOf(this.#login.source, this.#options);
      const token = parseToken(text, this.#login.claimNames);
      if (token.expiresAtMs <= clock.wall()) throw new Error('the token has expired already');
      this.#held = { token, refreshAtMs: this.#refreshAtMs(token) };
      return token;
    } catch (error) {
      const failure = asFailure(error);
      const held = this.#held;
      if (held === null || held.token.expiresAtMs <= clock.wall()) throw failure;
      logger.warn(`${failure.message} The token at hand is good for some time yet, and is used.`);
      this.#held = { token: held.token, refreshAtMs: clock.wall() + RETRY_MS };
      return held.token;
    }
  }

  /** As Java's `ExpiringCredentialRefreshingLogin` reckons it. */
  #refreshAtMs({ expiresAtMs }: BearerToken): number {
    const { windowFactor, windowJitter, minPeriodMs, bufferMs } = this.#login.refresh;
    const nowMs = this.#options.clock.wall();
    const lifeMs = expiresAtMs - nowMs;
    const factor = windowFactor + windowJitter * this.#options.random();
    const plannedMs = nowMs + lifeMs * factor;
    // Lives that are shorter than both bounds together have no room for them.
    if (minPeriodMs + bufferMs > lifeMs) return plannedMs;
    const latestMs = expiresAtMs - bufferMs;
    return Math.max(Math.min(plannedMs, latestMs), nowMs + minPeriodMs);
  }
}

async function tokenOf(source: TokenSource, options: CacheOptions): Promise<string> {
  switch (source.type) {
    case 'function':
      return source.token();
    case 'file': {
      const { readFile } = await import('node:fs/promises');
      return readFile(source.path, 'utf8');
    }
    case 'unsecured': {
      const { unsecuredToken } = await import('./unsecured-token.ts');
      return unsecuredToken(source, options.clock.wall());
    }
    case 'client-credentials': {
      const { fetchToken } = await import('./client-credentials.ts');
      return fetchToken(source, options);
    }
    case 'msk-iam':
      throw new Error('an MSK token is made for each broker');
    default:
      return source satisfies never;
  }
}

function asFailure(error: unknown): KafkaError {
  if (error instanceof KafkaError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new KafkaError('SASL_AUTHENTICATION_FAILED', `Getting an OAuth token: ${reason}.`);
}
