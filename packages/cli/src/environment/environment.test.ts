import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { withJaasFile } from './jaas-file.ts';
import { javaOptions } from './java-options.ts';
import { parseLogConfig } from './log-config-file.ts';
import { workerLoggers } from './worker-loggers.ts';

describe('the environment of a Java worker', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-environment-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  test('S-P4 S-W7 files are found in KAFKA_OPTS and KAFKA_LOG4J_OPTS, the rest is tolerated', () => {
    const found = javaOptions({
      KAFKA_OPTS:
        '-XX:+HeapDumpOnOutOfMemoryError -Djava.security.auth.login.config=/mnt/security/jaas.conf ' +
        '-Djava.security.krb5.conf="/mnt/a b/krb5.conf"',
      KAFKA_LOG4J_OPTS: '-Dlog4j.configuration=file:/mnt/connect/connect-log4j.properties',
    });
    assert.deepEqual(found, {
      jaasFile: '/mnt/security/jaas.conf',
      krb5File: '/mnt/a b/krb5.conf',
      logConfigFile: '/mnt/connect/connect-log4j.properties',
    });
    assert.equal(javaOptions({}).jaasFile, null);
  });

  test('S-W7 the section KafkaClient becomes sasl.jaas.config where none is set', async () => {
    const file = join(folder, 'jaas.conf');
    const module = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
    await writeFile(
      file,
      `Other { x required; };\n// KafkaClient { no; }\nKafkaClient {\n  ${module}\n` +
        '  username="u" password="{p}";\n};\n',
    );
    const sasl = { 'security.protocol': 'SASL_SSL', 'consumer.sasl.jaas.config': 'mine' };
    const props = await withJaasFile(sasl, file);
    assert.equal(props['sasl.jaas.config'], `${module} username="u" password="{p}";`);
    assert.equal(props['producer.sasl.jaas.config'], props['sasl.jaas.config']);
    assert.equal(props['consumer.sasl.jaas.config'], 'mine');
    assert.deepEqual(await withJaasFile({ a: 'b' }, file), { a: 'b' });
    await writeFile(file, 'Client { x required; };');
    await assert.rejects(withJaasFile(sasl, file), /has no section "KafkaClient"/);
    await assert.rejects(withJaasFile(sasl, join(folder, 'none')), /can't be read/);
  });

  test('levels and files are read from log4j files of each format', () => {
    const yaml = `Configuration:
  Appenders:
    Console:
      name: STDOUT
    RollingFile:
      - name: ConnectAppender
        fileName: "/var/log/connect.log"
  Loggers:
    Root:
      level: WARN
    Logger:
      - name: org.reflections
        level: ERROR
`;
    const xml =
      '<Configuration><Appenders><Console name="c"/><File name="f" fileName="/var/log/connect.log"/>' +
      '</Appenders><Loggers><Logger name="org.reflections" level="error"/>' +
      '<Root level="warn"/></Loggers></Configuration>';
    const modern =
      'appender.stdout.type=Console\nappender.f.type=File\nappender.f.fileName=/var/log/connect.log\n' +
      'rootLogger.level=WARN\nlogger.r.name=org.reflections\nlogger.r.level=ERROR\n';
    const old =
      'log4j.rootLogger=WARN, stdout, FILE\nlog4j.appender.stdout=org.apache.log4j.ConsoleAppender\n' +
      'log4j.appender.FILE.File=/var/log/connect.log\nlog4j.logger.org.reflections=ERROR\n' +
      'log4j.appender.G.File=${kafka.logs.dir}/x.log\n';
    const cases = [
      [yaml, 'a.yaml'],
      [xml, 'a.xml'],
      [modern, 'a.properties'],
      [old, 'log4j.properties'],
    ] as const;
    for (const [text, file] of cases) {
      const { rootLevel, levels, files, hasConsole } = parseLogConfig(text, file);
      assert.deepEqual(
        { rootLevel, levels: [...levels], files, hasConsole },
        {
          rootLevel: 'WARN',
          levels: [['org.reflections', 'ERROR']],
          files: ['/var/log/connect.log'],
          hasConsole: true,
        },
        file,
      );
    }
  });

  test('S-L1 S-L2 lines are appended to the file that the log4j file names', async () => {
    const log = join(folder, 'connect.log');
    await writeFile(log, 'before\n');
    const config = join(folder, 'log4j.properties');
    await writeFile(config, `log4j.rootLogger=INFO, FILE\nlog4j.appender.FILE.File=${log}\n`);
    const loggers = await workerLoggers({
      KAFKA_LOG4J_OPTS: `-Dlog4j.configuration=file:${config}`,
    });
    loggers.get('a.b').info('it is told');
    loggers.get('a.b').debug('this is not');
    assert.match(await readFile(log, 'utf8'), /^before\n\[.*\] INFO it is told \(a\.b\)\n$/);
  });
});
