import { createHash, createHmac } from 'node:crypto';

/** What AWS knows a program by. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** `null`: credentials that do not end. */
  readonly sessionToken: string | null;
}

/** One request that is signed ahead. */
export interface Presigned {
  readonly host: string;
  readonly region: string;
  readonly service: string;
  /** The request's own query, unencoded. */
  readonly query: Readonly<Record<string, string>>;
  readonly expiresSeconds: number;
  readonly dateMs: number;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

/**
 * Signs a GET request of `/` by its query, with AWS Signature Version 4; all its parameters, sorted,
 * the signature last.
 */
export function presign(
  request: Presigned,
  credentials: AwsCredentials,
): readonly (readonly [string, string])[] {
  const stamp = new Date(request.dateMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const scope = [stamp.slice(0, 8), request.region, request.service, 'aws4_request'];
  const query = Object.entries({
    ...request.query,
    'X-Amz-Algorithm': ALGORITHM,
    'X-Amz-Credential': [credentials.accessKeyId, ...scope].join('/'),
    'X-Amz-Date': stamp,
    'X-Amz-Expires': String(request.expiresSeconds),
    ...(credentials.sessionToken === null
      ? {}
      : { 'X-Amz-Security-Token': credentials.sessionToken }),
    'X-Amz-SignedHeaders': 'host',
  }).sort(([a], [b]) => (a < b ? -1 : 1));
  const canonical = [
    'GET',
    '/',
    encodedQuery(query),
    `host:${request.host}\n`,
    'host',
    sha256(''),
  ].join('\n');
  const toSign = [ALGORITHM, stamp, scope.join('/'), sha256(canonical)].join('\n');
  const key = scope.reduce(
    (secret: Buffer, part) => hmac(secret, part),
    Buffer.from(`AWS4${credentials.secretAccessKey}`),
  );
  return [...query, ['X-Amz-Signature', hmac(key, toSign).toString('hex')]];
}

/** Everything but letters, digits and `-._~` is percent-encoded. */
export function encodedQuery(query: readonly (readonly [string, string])[]): string {
  return query.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&');
}

function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
