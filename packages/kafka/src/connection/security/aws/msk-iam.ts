import type { LinkOptions } from '../../link-options.ts';
import type { SaslExchange } from '../sasl-exchange.ts';
import type { AwsSource } from '../sasl-settings.ts';
import { awsCredentials } from './aws-credentials.ts';
import { type AwsCredentials, encodedQuery, presign } from './sigv4.ts';

const VERSION = '2020_10_22';
const SERVICE = 'kafka-cluster';
const ACTION = 'kafka-cluster:Connect';
const USER_AGENT = 'sluice';
/** How long the signature holds; Amazon's own library says the same. */
const EXPIRES_SECONDS = 900;

/** `b-1.name.abc123.c2.kafka.eu-west-1.amazonaws.com`, and those of serverless clusters and China. */
const MSK_HOST = /\.kafka(?:-serverless)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;

/** Logs in to Amazon MSK by the mechanism `AWS_MSK_IAM`: a request, signed for this broker. */
export async function mskIamExchange(
  source: AwsSource,
  host: string,
  { clock }: Pick<LinkOptions, 'clock'>,
): Promise<SaslExchange> {
  const region = regionOf(host);
  const credentials = await awsCredentials(source, region);
  return {
    who: ` as the AWS key "${credentials.accessKeyId}"`,
    run: async (send) => {
      const payload = mskIamPayload({ host, region, dateMs: clock.wall() }, credentials);
      const answer = await send(Buffer.from(payload));
      if (answer.length === 0) throw new Error('the broker did not confirm the login');
    },
  };
}

/** What the broker wants to read: the signed query, its names in lower case, as JSON. */
export function mskIamPayload(
  at: { readonly host: string; readonly region: string; readonly dateMs: number },
  credentials: AwsCredentials,
): string {
  const signed = presign(
    { ...at, service: SERVICE, query: { Action: ACTION }, expiresSeconds: EXPIRES_SECONDS },
    credentials,
  );
  return JSON.stringify({
    version: VERSION,
    host: at.host,
    'user-agent': USER_AGENT,
    ...Object.fromEntries(signed.map(([name, value]) => [name.toLowerCase(), value])),
  });
}

/** A token for the mechanism `OAUTHBEARER` on Amazon MSK: the signed address, in base64url. */
export async function mskIamToken(
  source: AwsSource,
  brokerHost: string,
  { clock }: Pick<LinkOptions, 'clock'>,
): Promise<string> {
  const region = regionOf(brokerHost);
  const credentials = await awsCredentials(source, region);
  return mskIamTokenOf({ region, dateMs: clock.wall() }, credentials);
}

export function mskIamTokenOf(
  at: { readonly region: string; readonly dateMs: number },
  credentials: AwsCredentials,
): string {
  const host = `kafka.${at.region}.amazonaws.com`;
  const signed = presign(
    { ...at, host, service: SERVICE, query: { Action: ACTION }, expiresSeconds: EXPIRES_SECONDS },
    credentials,
  );
  const query = encodedQuery([...signed, ['User-Agent', USER_AGENT]]);
  return Buffer.from(`https://${host}/?${query}`).toString('base64url');
}

function regionOf(host: string): string {
  const region = MSK_HOST.exec(host)?.[1] ?? process.env['AWS_REGION'];
  if (region !== undefined && region !== '') return region;
  throw new Error(
    `the AWS region of the broker ${host} is not in its name: set the environment's AWS_REGION`,
  );
}
