/** Certificates for tests of TLS, made by openssl. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { TempDir } from '@sluice/testing';

const run = promisify(execFile);

export const STORE_PASSWORD = 'store-password';

/** Makes an authority, `ca.crt`, and certificates that it signs for 127.0.0.1. */
export class Certificates {
  readonly #dir: TempDir;

  private constructor(dir: TempDir) {
    this.#dir = dir;
  }

  /** @param names of the certificates: `name.key`, `name.crt`, both in `name.pem`, and `name.p12` */
  static async make(dir: TempDir, names: readonly string[]): Promise<Certificates> {
    const made = new Certificates(dir);
    await made.#authority('ca');
    for (const name of names) await made.#issue(name);
    return made;
  }

  path(name: string): string {
    return this.#dir.join(name);
  }
  text(name: string): Promise<string> {
    return readFile(this.path(name), 'utf8');
  }

  async #authority(name: string): Promise<void> {
    const files = ['-keyout', `${name}.key`, '-out', `${name}.crt`, '-subj', `/CN=${name}`];
    await this.#openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...files);
  }

  async #issue(name: string): Promise<void> {
    const files = ['-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`];
    await this.#openssl('req', '-newkey', 'rsa:2048', '-nodes', ...files);
    await writeFile(this.path(`${name}.ext`), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
    const signed = ['-in', `${name}.csr`, '-out', `${name}.crt`, '-extfile', `${name}.ext`];
    const authority = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2'];
    await this.#openssl('x509', '-req', ...signed, ...authority);
    const pem = (await this.text(`${name}.key`)) + (await this.text(`${name}.crt`));
    await writeFile(this.path(`${name}.pem`), pem);
    const stored = ['-in', `${name}.pem`, '-out', `${name}.p12`];
    await this.#openssl('pkcs12', '-export', ...stored, '-passout', `pass:${STORE_PASSWORD}`);
  }

  async #openssl(...args: readonly string[]): Promise<void> {
    await run('openssl', args, { cwd: this.#dir.path });
  }
}
