import { startJava } from './java-process.ts';
import { makeTempDir } from './temp-dir.ts';

/** Kafka's command line tools, by the name of their class. */
const TOOL_CLASSES = {
  ConfigCommand: 'kafka.admin.ConfigCommand',
  ConsoleConsumer: 'org.apache.kafka.tools.consumer.ConsoleConsumer',
  ConsoleProducer: 'org.apache.kafka.tools.ConsoleProducer',
  ConsumerGroupCommand: 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  DumpLogSegments: 'org.apache.kafka.tools.DumpLogSegments',
  GetOffsetShell: 'org.apache.kafka.tools.GetOffsetShell',
  TopicCommand: 'org.apache.kafka.tools.TopicCommand',
  TransactionsCommand: 'org.apache.kafka.tools.TransactionsCommand',
} as const;

export type KafkaToolName = keyof typeof TOOL_CLASSES;

/** What a tool printed and how it ended. */
export interface ToolResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface KafkaToolOptions {
  readonly input?: string | Uint8Array;
  /** After this the tool is killed and `code` is `null`. Default 60,000. */
  readonly timeoutMs?: number;
}

const HEAP_MB = 256;
const OUTPUT_CHARS_MAX = 256 * 1024 * 1024;
const TIMEOUT_MS_DEFAULT = 60_000;

/**
 * Runs one of Kafka's command line tools to its end:
 * `kafkaTool('TopicCommand', ['--bootstrap-server', servers, '--list'])`. Its exit code is the
 * caller's to judge: some tools end with 1 on success.
 */
export async function kafkaTool(
  name: KafkaToolName,
  args: readonly string[],
  options: KafkaToolOptions = {},
): Promise<ToolResult> {
  await using dir = await makeTempDir('kafka-tool');
  await using tool = await startJava({
    what: `Kafka's ${name}`,
    mainClass: TOOL_CLASSES[name],
    args,
    heapMb: HEAP_MB,
    isShortLived: true,
    logConfigDir: dir.path,
    // What a tool prints is its result: a million records, say.
    outputCharsMax: OUTPUT_CHARS_MAX,
    ...(options.input === undefined ? {} : { input: options.input }),
  });
  const timer = setTimeout(() => tool.signal('SIGKILL'), options.timeoutMs ?? TIMEOUT_MS_DEFAULT);
  const { code } = await tool.exited.finally(() => clearTimeout(timer));
  return { code, stdout: tool.stdout, stderr: tool.stderr };
}
