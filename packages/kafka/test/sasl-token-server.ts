// An authority on loopback that gives tokens by client credentials, and its public key to brokers.
import { createSign, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** What one request for a token said. */
interface Asked {
  readonly login: string;
  readonly form: Readonly<Record<string, string>>;
}

const LOGIN = 'client-1:client-secret';

export class TokenServer implements AsyncDisposable {
  /** Requests for tokens, in order. */
  readonly asked: Asked[] = [];
  /** So many requests fail before one succeeds. */
  failures = 0;
  /** Seconds that a token holds. */
  lifetimeSeconds = 300;
  readonly #server: Server;
  readonly #keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  readonly #strange = generateKeyPairSync('rsa', { modulusLength: 2048 });
  #port = 0;

  private constructor() {
    this.#server = createServer((request, answer) => {
      this.#answer(request, answer).catch((error: unknown) => {
        answer.writeHead(500).end(String(error));
      });
    });
  }

  static async start(): Promise<TokenServer> {
    const server = new TokenServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    const at = server.#server.address();
    server.#port = typeof at === 'object' && at !== null ? at.port : 0;
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** A token for `sub`, signed. */
  token(sub: string, key: KeyObject = this.#keys.privateKey): string {
    const now = Math.floor(Date.now() / 1000);
    const times = { iat: now, nbf: now, exp: now + this.lifetimeSeconds };
    const claims = { iss: this.url, aud: 'kafka', sub, scope: 'x', jti: randomUUID(), ...times };
    const encoded = (value: object): string =>
      Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${encoded({ alg: 'RS256', typ: 'JWT', kid: 'key-1' })}.${encoded(claims)}`;
    return `${text}.${createSign('sha256').update(text).sign(key).toString('base64url')}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    const json = (status: number, body: object): void => {
      answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.url === '/jwks') {
      const key = this.#keys.publicKey.export({ format: 'jwk' });
      json(200, { keys: [{ ...key, kid: 'key-1', use: 'sig', alg: 'RS256' }] });
      return;
    }
    let body = '';
    for await (const piece of request) body += String(piece);
    const header = request.headers.authorization ?? '';
    const login = Buffer.from(header.replace('Basic ', ''), 'base64').toString();
    this.asked.push({ login, form: Object.fromEntries(new URLSearchParams(body)) });
    if (this.failures > 0) {
      this.failures--;
      json(503, { error: 'temporarily_unavailable' });
    } else if (login !== LOGIN) {
      json(401, { error: 'invalid_client', error_description: `not with ${login}` });
    } else if (request.url === '/token') {
      json(200, { access_token: this.token('client-1'), token_type: 'Bearer' });
    } else if (request.url === '/forged') {
      json(200, { access_token: this.token('client-1', this.#strange.privateKey) });
    } else if (request.url === '/odd') {
      json(200, { access_token: 'opaque-token' });
    } else {
      json(404, {});
    }
  }
}
