// Certificates and key stores for tests, made by openssl and keytool when they are needed.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { TempDir } from '@sluice/testing';

const run = promisify(execFile);

export const STORE_PASSWORD = 'store-password';
export const KEY_PASSWORD = 'key-password';
const CURVE = 'ec -pkeyopt ec_paramgen_curve:P-256';

/** What a certificate is to be. */
interface CertificateOptions {
  /** Who signs; default `ca`. */
  readonly issuer?: string;
  /** Default `DNS:localhost`. */
  readonly names?: string;
  /** From and to, as openssl writes times (`20200101000000Z`). Default: today and tomorrow. */
  readonly validity?: readonly [string, string];
  /** Default: an elliptic curve, whose keys are made in no time. */
  readonly keyType?: 'rsa:2048';
  readonly isAuthority?: boolean;
}

/** A folder of PEM files (`name.key`, `name.crt`, `name.pem`) and stores. */
export class Certificates {
  readonly #dir: TempDir;

  constructor(dir: TempDir) {
    this.#dir = dir;
  }

  path(name: string): string {
    return this.#dir.join(name);
  }

  /** Arguments may stand several in one text. */
  async openssl(...args: readonly string[]): Promise<void> {
    await run('openssl', words(args), { cwd: this.#dir.path });
  }

  async keytool(...args: readonly string[]): Promise<void> {
    await run('keytool', words(args), { cwd: this.#dir.path });
  }

  /** Makes an authority that signs itself: `name.crt`, `name.key`. */
  async authority(name: string): Promise<void> {
    const files = ['-keyout', `${name}.key`, '-out', `${name}.crt`];
    const subject = ['-days', '2', '-subj', `/CN=${name}`];
    await this.openssl('req -x509 -newkey', CURVE, '-nodes', ...files, ...subject);
  }

  /** Makes a key and has it signed: `name.key` (PKCS #8), `name.crt`, and both in `name.pem`. */
  async issue(name: string, options: CertificateOptions = {}): Promise<void> {
    const issuer = options.issuer ?? 'ca';
    const files = ['-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`];
    await this.openssl('req -newkey', options.keyType ?? CURVE, '-nodes', ...files);
    const constraint = options.isAuthority === true ? 'basicConstraints=CA:TRUE\n' : '';
    const extensions = `subjectAltName=${options.names ?? 'DNS:localhost'}\n${constraint}`;
    await writeFile(this.path(`${name}.ext`), extensions);
    const [from, to] = options.validity ?? [];
    if (from === undefined || to === undefined) {
      await this.openssl(
        `x509 -req -in ${name}.csr -out ${name}.crt -days 2`,
        `-CA ${issuer}.crt -CAkey ${issuer}.key -extfile ${name}.ext`,
        `-set_serial 0x${randomBytes(8).toString('hex')}`,
      );
    } else {
      await this.#issueDated(name, issuer, from, to);
    }
    const parts = [`${name}.key`, `${name}.crt`].map((file) => readFile(this.path(file), 'utf8'));
    await writeFile(this.path(`${name}.pem`), (await Promise.all(parts)).join(''));
  }

  /** `openssl x509` can't back-date; `openssl ca` can. */
  async #issueDated(name: string, issuer: string, from: string, to: string): Promise<void> {
    await writeFile(this.path('index.txt'), '');
    await writeFile(this.path('serial'), randomBytes(8).toString('hex'));
    const lines = ['[ca]', 'default_ca=d', '[d]', 'database=index.txt', 'serial=serial'];
    lines.push('new_certs_dir=.', 'default_md=sha256', 'policy=p', '[p]', 'commonName=supplied');
    await writeFile(this.path('ca.cnf'), `${lines.join('\n')}\n`);
    await this.openssl(
      `ca -batch -notext -config ca.cnf -in ${name}.csr`,
      `-cert ${issuer}.crt -keyfile ${issuer}.key -extfile ${name}.ext`,
      `-startdate ${from} -enddate ${to} -out ${name}.crt`,
    );
  }

  /** `name.p12` by openssl, with the certificate of `chain` behind that of `name`. */
  async pkcs12(file: string, name: string, ...options: readonly string[]): Promise<string> {
    const input = ['-inkey', `${name}.key`, '-in', `${name}.crt`, '-name', name];
    const output = ['-out', file, '-passout', `pass:${STORE_PASSWORD}`];
    await this.openssl('pkcs12', '-export', ...options, ...input, ...output);
    return this.path(file);
  }

  /** A JKS store out of a PKCS12 one, whose key has a password of its own. */
  async jks(file: string, fromPkcs12: string, alias: string): Promise<string> {
    await this.keytool(
      `-importkeystore -noprompt -srckeystore ${fromPkcs12} -destkeystore ${file}`,
      `-srcstoretype PKCS12 -deststoretype JKS -srcalias ${alias}`,
      `-srcstorepass ${STORE_PASSWORD} -deststorepass ${STORE_PASSWORD}`,
      `-destkeypass ${KEY_PASSWORD}`,
    );
    return this.path(file);
  }

  /** A store of trusted certificates alone. `flags` go to the Java machine. */
  async trustStore(
    file: string,
    type: 'JKS' | 'PKCS12',
    certificate: string,
    ...flags: readonly string[]
  ): Promise<string> {
    await this.keytool(
      ...flags.map((flag) => `-J${flag}`),
      `-importcert -noprompt -alias authority -file ${certificate}`,
      `-storetype ${type} -keystore ${file} -storepass ${STORE_PASSWORD}`,
    );
    return this.path(file);
  }
}

function words(args: readonly string[]): string[] {
  return args.flatMap((arg) => arg.split(' '));
}
