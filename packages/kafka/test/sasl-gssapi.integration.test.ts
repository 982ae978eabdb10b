// Kerberos on Apache Kafka, with a KDC of the test's own and the optional package "kerberos".
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { freePorts, makeTempDir, OwnedProcess, skipReason, type TempDir } from '@sluice/testing';
import { type SecurityBroker, startSecurityBroker } from './security-broker.ts';
import { nodes, refusal } from './security-client.ts';

const run = promisify(execFile);
const MODULE = 'com.sun.security.auth.module.Krb5LoginModule';
const REALM = 'SLUICE.TEST';

/** A folder whose `node_modules` has the package, where the repository's own has none. */
const PACKAGE_DIR = process.env['SLUICE_TEST_KERBEROS'];
if (PACKAGE_DIR !== undefined) {
  const parentURL = pathToFileURL(path.join(PACKAGE_DIR, 'index.js')).href;
  registerHooks({
    resolve: (name, context, next) =>
      next(name, name === 'kerberos' ? { ...context, parentURL } : context),
  });
}

/** Why there can be no Kerberos here; said aloud, as for other servers. */
async function kerberosSkip(): Promise<string | false> {
  const noKafka = await skipReason('kafka', 'Kerberos with Apache Kafka');
  if (noKafka !== false) return noKafka;
  const reason = await kerberosProblem();
  if (reason === null) return false;
  const line = `Kerberos with Apache Kafka: ${reason}`;
  process.stderr.write(`SKIPPED: ${line}\n`);
  const report = process.env['SLUICE_SKIP_REPORT'];
  if (report !== undefined && report !== '') appendFileSync(report, `${line}\n`);
  return reason;
}

async function kerberosProblem(): Promise<string | null> {
  for (const command of ['krb5kdc', 'kdb5_util', 'kadmin.local', 'kinit']) {
    if (spawnSync('which', [command], { env: environment() }).status !== 0) {
      return `no ${command}: install a KDC (Debian: krb5-kdc krb5-admin-server krb5-user)`;
    }
  }
  try {
    const name = 'kerberos';
    await import(name);
    return null;
  } catch {
    return 'no package "kerberos" (npm install kerberos; or name a folder in SLUICE_TEST_KERBEROS)';
  }
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/bin` };
}

const skip = await kerberosSkip();

describe('GSSAPI on Apache Kafka 4.3.1', { skip }, () => {
  const owned = new AsyncDisposableStack();
  let dir: TempDir;
  let broker: SecurityBroker;

  before(async () => {
    dir = owned.use(await makeTempDir('kafka-kerberos'));
    await startKdc();
    const options = `useKeyTab=true storeKey=true keyTab="${dir.join('kafka.keytab')}"`;
    const started = await startSecurityBroker({
      dir,
      listeners: { KERBEROS: 'SASL_PLAINTEXT' },
      properties: {
        'sasl.enabled.mechanisms': 'GSSAPI',
        'sasl.kerberos.service.name': 'kafka',
        'listener.name.kerberos.gssapi.sasl.jaas.config': `${MODULE} required ${options} principal="kafka/localhost@${REALM}";`,
      },
      env: { JDK_JAVA_OPTIONS: `-Djava.security.krb5.conf=${dir.join('krb5.conf')}` },
    });
    broker = owned.use(started);
  });
  after(() => owned.disposeAsync());

  async function startKdc(): Promise<void> {
    const [port = 0] = await freePorts(1);
    const client = [
      '[libdefaults]',
      `default_realm = ${REALM}`,
      'dns_canonicalize_hostname = false',
    ];
    client.push('rdns = false', 'dns_lookup_kdc = false', 'udp_preference_limit = 1', '[realms]');
    client.push(`${REALM} = {`, `kdc = 127.0.0.1:${port}`, '}');
    await writeFile(dir.join('krb5.conf'), `${client.join('\n')}\n`);
    const kdc = ['[kdcdefaults]', `kdc_listen = 127.0.0.1:${port}`];
    kdc.push(`kdc_tcp_listen = 127.0.0.1:${port}`, '[realms]', `${REALM} = {`);
    kdc.push(
      `database_name = ${dir.join('principal')}`,
      `key_stash_file = ${dir.join('stash')}`,
      '}',
    );
    await writeFile(dir.join('kdc.conf'), `${kdc.join('\n')}\n`);
    // The Kerberos library of this process reads them, too.
    process.env['KRB5_CONFIG'] = dir.join('krb5.conf');
    process.env['KRB5_KDC_PROFILE'] = dir.join('kdc.conf');
    process.env['KRB5CCNAME'] = `FILE:${dir.join('tickets')}`;
    const env = environment();
    await run('kdb5_util', ['create', '-s', '-r', REALM, '-P', 'master'], { env });
    for (const [principal, keytab] of [
      [`kafka/localhost@${REALM}`, 'kafka.keytab'],
      [`alice@${REALM}`, 'alice.keytab'],
    ] as const) {
      const kadmin = (query: string): Promise<unknown> =>
        run('kadmin.local', ['-r', REALM, '-q', query], { env });
      await kadmin(`addprinc -randkey ${principal}`);
      await kadmin(`ktadd -k ${dir.join(keytab)} ${principal}`);
    }
    owned.use(
      await OwnedProcess.start({
        what: 'the KDC',
        command: '/usr/sbin/krb5kdc',
        args: ['-n', '-r', REALM],
        env: { KRB5_CONFIG: dir.join('krb5.conf'), KRB5_KDC_PROFILE: dir.join('kdc.conf') },
      }),
    );
  }

  const login = (options: string): Record<string, string> => ({
    ...broker.at('KERBEROS'),
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.mechanism': 'GSSAPI',
    'sasl.kerberos.service.name': 'kafka',
    'sasl.jaas.config': `${MODULE} required ${options};`,
  });
  const keytab = (name: string): string =>
    `useKeyTab=true keyTab="${dir.join('alice.keytab')}" principal="${name}@${REALM}"`;

  test('no ticket is told as such', async () => {
    const error = await refusal(login('useTicketCache=true'));
    assert.equal(error.code, 'SASL_AUTHENTICATION_FAILED');
    assert.match(error.message, /by Kerberos|with GSSAPI/);
  });

  test("a keytab that is not the principal's is told by what kinit says", async () => {
    const error = await refusal(login(keytab('mallory')));
    assert.equal(error.code, 'SASL_AUTHENTICATION_FAILED');
    assert.match(error.message, /kinit for "mallory@SLUICE\.TEST".*keyTab/);
  });

  test('S-W7 a keytab lets in whose it is, and then its ticket does', async () => {
    assert.equal(await nodes(login(keytab('alice'))), 1);
    assert.equal(await nodes(login('useTicketCache=true')), 1);
  });

  test('a service that the KDC does not know is told as such', async () => {
    const unknown = { ...login('useTicketCache=true'), 'sasl.kerberos.service.name': 'nobody' };
    assert.match((await refusal(unknown)).message, /with GSSAPI failed|by Kerberos/);
  });
});
