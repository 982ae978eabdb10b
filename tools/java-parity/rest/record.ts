/**
 * Records what Java's standalone worker answers over REST, into `packages/rest/golden/*.jsonl`.
 *
 *     node --conditions=@sluice/source tools/java-parity/rest/record.ts [session ...]
 */
import { startKafka, type KafkaCluster } from '@sluice/testing';
import type { RecordedStep } from '../../../packages/rest/test/parity/session.ts';
import { startJavaWorker } from './java-worker.ts';
import { play, writeRecording } from './recording-file.ts';
import type { Session } from './sessions/builder.ts';
import { STANDALONE_SESSION } from './sessions/main-session.ts';
import { SERVER_SESSIONS } from './sessions/servers.ts';

const STANDALONE = {
  mainClass: 'org.apache.kafka.connect.cli.ConnectStandalone',
  props: { 'offset.storage.file.filename': 'offsets.bin' },
};

async function record(session: Session, kafka: KafkaCluster): Promise<void> {
  await using worker = await startJavaWorker(session, kafka, STANDALONE);
  const recorded: RecordedStep[] = [];
  try {
    await play(session.steps, worker.target, recorded);
  } finally {
    // When it fails, what was recorded until then tells why.
    await writeRecording(session, recorded);
  }
}

async function main(wanted: readonly string[]): Promise<void> {
  const sessions = [STANDALONE_SESSION, ...SERVER_SESSIONS].filter(
    ({ name }) => wanted.length === 0 || wanted.includes(name),
  );
  // The one session that looks at topics and groups comes first.
  await using kafka = await startKafka();
  for (const session of sessions) await record(session, kafka);
}

await main(process.argv.slice(2));
