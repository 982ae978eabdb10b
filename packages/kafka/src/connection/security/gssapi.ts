import { execFile } from 'node:child_process';
import { KafkaError } from '../../errors/kafka-error.ts';
import type { Address } from '../address.ts';
import type { LinkOptions } from '../link-options.ts';
import type { KeptSecurity } from './kept-security.ts';
import type { SaslExchange, SaslSend } from './sasl-exchange.ts';
import type { KerberosLogin } from './sasl-settings.ts';

/** The native bindings to the system's Kerberos. Optional: installed by who needs it. */
const PACKAGE = 'kerberos';
/** Steps until both sides know each other; more are a server that plays. */
const STEPS_MAX = 10;
/** Tickets hold for hours; one that is younger is not fetched anew. */
const TICKET_FRESH_MS = 10 * 60_000;
const KINIT_TIMEOUT_MS = 30_000;
/** "No security layer" (RFC 4752): the connection is TLS, or is to be in the clear. */
const NO_LAYER = 1;

/** What this file uses of the package's client. */
interface GssClient {
  readonly step: (challenge: string) => Promise<string>;
  readonly wrap: (text: string) => Promise<string>;
  readonly unwrap: (text: string) => Promise<string>;
  readonly isComplete: () => boolean;
  readonly username: () => string;
}

/**
 * Logs in by Kerberos (RFC 4752). A keytab is turned into a ticket by `kinit`, in the system's
 * ticket cache, where the Kerberos library finds it.
 *
 * @throws KafkaError `SASL_AUTHENTICATION_FAILED`, saying what to install or to check
 */
export async function kerberosExchange(
  login: KerberosLogin,
  kept: KeptSecurity,
  address: Address,
  { clock }: Pick<LinkOptions, 'clock'>,
): Promise<SaslExchange> {
  const { keytab, principal } = login;
  const isFresh = kept.ticketAtMs !== null && clock.now() - kept.ticketAtMs < TICKET_FRESH_MS;
  if (keytab !== null && principal !== null && !isFresh) {
    await kinit(login.kinit, keytab, principal);
    kept.ticketAtMs = clock.now();
  }
  const client = await gssClient(`${login.serviceName}@${address.host}`, principal);
  return {
    who: principal === null ? '' : ` as "${principal}"`,
    run: (send) => negotiate(client, send),
  };
}

async function negotiate(client: GssClient, send: SaslSend): Promise<void> {
  let token = await client.step('');
  let answer = await send(Buffer.from(token, 'base64'));
  for (let steps = 0; !client.isComplete(); steps++) {
    if (steps === STEPS_MAX) throw new Error('the broker goes on for too long');
    token = await client.step(answer.toString('base64'));
    if (client.isComplete() && token === '' && answer.length === 0) break;
    answer = await send(Buffer.from(token, 'base64'));
  }
  // The layers that the broker offers, and the size it takes; the answer chooses none of them.
  const offer = Buffer.from(await client.unwrap(answer.toString('base64')), 'base64');
  if (((offer[0] ?? 0) & NO_LAYER) === 0) {
    throw new Error('the broker insists on a security layer of SASL, which is not done here');
  }
  const choice = Buffer.concat([Buffer.from([NO_LAYER, 0, 0, 0]), Buffer.from(client.username())]);
  await send(Buffer.from(await client.wrap(choice.toString('base64')), 'base64'));
}

function kinit(command: string, keytab: string, principal: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const args = ['-k', '-t', keytab, principal];
    execFile(command, args, { timeout: KINIT_TIMEOUT_MS }, (error, _output, said) => {
      if (error === null) {
        resolve();
        return;
      }
      const reason = said.trim() === '' ? error.message : said.trim();
      reject(
        refused(
          `${command} for "${principal}" with the keytab ${keytab}: ${reason}. Check the options ` +
            '"principal" and "keyTab", "sasl.kerberos.kinit.cmd" and krb5.conf',
        ),
      );
    });
  });
}

async function gssClient(service: string, principal: string | null): Promise<GssClient> {
  const initialize = initializerOf(await load());
  try {
    return clientOf(await initialize(service, principal === null ? {} : { principal }));
  } catch (error) {
    throw refused(error instanceof Error ? error.message : String(error));
  }
}

async function load(): Promise<unknown> {
  try {
    return await import(PACKAGE);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw refused(
      `the package "${PACKAGE}" can't be loaded; install it beside Sluice ("npm install ` +
        `${PACKAGE}", with the system's Kerberos library): ${reason}`,
    );
  }
}

type Initialize = (service: string, options: object) => Promise<unknown>;

/** The package is CommonJS: what it exports stands under `default`, too. */
function initializerOf(module: unknown): Initialize {
  for (const holder of [module, member(module, 'default')]) {
    const initialize = member(holder, 'initializeClient');
    if (typeof initialize === 'function') {
      return async (service, options) => initialize.call(holder, service, options);
    }
  }
  throw refused(`the package "${PACKAGE}" has no initializeClient`);
}

function clientOf(made: unknown): GssClient {
  const call = async (name: string, ...args: readonly unknown[]): Promise<string> => {
    const method = member(made, name);
    if (typeof method !== 'function') throw new Error(`the package "${PACKAGE}" has no ${name}`);
    const result: unknown = await method.apply(made, args);
    return typeof result === 'string' ? result : '';
  };
  return {
    step: (challenge) => call('step', challenge),
    wrap: (text) => call('wrap', text, {}),
    unwrap: (text) => call('unwrap', text),
    isComplete: () => member(made, 'contextComplete') === true,
    username: () => {
      const name = member(made, 'username');
      return typeof name === 'string' ? name : '';
    },
  };
}

function member(value: unknown, name: string): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return null;
  const found: unknown = Reflect.get(value, name);
  return found;
}

function refused(what: string): KafkaError {
  return new KafkaError('SASL_AUTHENTICATION_FAILED', `Logging in by Kerberos: ${what}.`);
}
