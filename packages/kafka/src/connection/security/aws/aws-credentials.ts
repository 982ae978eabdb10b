import { KafkaError } from '../../../errors/kafka-error.ts';
import type { AwsSource } from '../sasl-settings.ts';
import type { AwsCredentials } from './sigv4.ts';

/** The package that knows all of AWS's ways to credentials. Optional: installed by who needs it. */
const PROVIDERS = '@aws-sdk/credential-providers';

/**
 * The program's AWS credentials: those of the environment (`AWS_ACCESS_KEY_ID` and its like) where
 * neither profile nor role is named; all else by Amazon's own package, where it is installed.
 *
 * @throws KafkaError `SASL_AUTHENTICATION_FAILED` that says what is missing
 */
export async function awsCredentials(source: AwsSource, region: string): Promise<AwsCredentials> {
  const inEnvironment = fromEnvironment();
  if (source.profile === null && source.roleArn === null && inEnvironment !== null) {
    return inEnvironment;
  }
  const provide = await provider(source, region);
  try {
    return credentialsIn(await provide());
  } catch (error) {
    throw failed(error instanceof Error ? error.message : String(error));
  }
}

function fromEnvironment(): AwsCredentials | null {
  const accessKeyId = process.env['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = process.env['AWS_SECRET_ACCESS_KEY'];
  if (accessKeyId === undefined || secretAccessKey === undefined) return null;
  return { accessKeyId, secretAccessKey, sessionToken: process.env['AWS_SESSION_TOKEN'] ?? null };
}

async function provider(source: AwsSource, region: string): Promise<() => Promise<unknown>> {
  const { profile, roleArn } = source;
  const base = profile === null ? {} : { profile };
  const chain = factory(await load(), 'fromNodeProviderChain');
  if (roleArn === null) return providerOf(chain(base));
  const assume = factory(await load(), 'fromTemporaryCredentials');
  return providerOf(
    assume({
      masterCredentials: chain(base),
      params: { RoleArn: roleArn, RoleSessionName: source.roleSessionName ?? 'sluice' },
      clientConfig: { region: source.stsRegion ?? region },
    }),
  );
}

async function load(): Promise<unknown> {
  try {
    return await import(PROVIDERS);
  } catch {
    throw failed(
      'neither AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are set (or a profile or role is ' +
        `named), nor is the package "${PROVIDERS}" installed, which knows the other ways ` +
        '(profiles, roles, instance and container metadata)',
    );
  }
}

function factory(module: unknown, name: string): (options: object) => unknown {
  const found = typeof module === 'object' && module !== null ? Object.entries(module) : [];
  const make = found.find(([key]) => key === name)?.[1];
  if (typeof make === 'function') return (options) => make(options);
  throw failed(`the package "${PROVIDERS}" has no ${name}`);
}

function providerOf(made: unknown): () => Promise<unknown> {
  if (typeof made === 'function') return async () => made();
  throw failed(`the package "${PROVIDERS}" gives no credentials`);
}

function credentialsIn(given: unknown): AwsCredentials {
  if (typeof given === 'object' && given !== null) {
    const accessKeyId = 'accessKeyId' in given ? given.accessKeyId : null;
    const secretAccessKey = 'secretAccessKey' in given ? given.secretAccessKey : null;
    const token = 'sessionToken' in given ? given.sessionToken : null;
    if (typeof accessKeyId === 'string' && typeof secretAccessKey === 'string') {
      const sessionToken = typeof token === 'string' ? token : null;
      return { accessKeyId, secretAccessKey, sessionToken };
    }
  }
  throw new Error('they are incomplete');
}

function failed(what: string): KafkaError {
  return new KafkaError('SASL_AUTHENTICATION_FAILED', `Getting AWS credentials: ${what}.`);
}
