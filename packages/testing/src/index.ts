export {
  brokersUnderTest,
  type BrokerUnderTest,
  type RunningBroker,
} from './brokers-under-test.ts';
export { DatabaseServer } from './database-server.ts';
export { DevBrokerServer, startDevBrokerForTest } from './dev-broker-server.ts';
export { freePort, freePorts } from './free-port.ts';
export {
  JavaConnect,
  startJavaConnectStandalone,
  type JavaConnectOptions,
} from './java-connect.ts';
export { javaCommand, startJava, type JavaSpec } from './java-process.ts';
export { KAFKA_VERSION, kafkaClassPath } from './kafka-jars.ts';
export { KafkaCluster, KafkaNode, startKafka, type KafkaOptions } from './kafka-server.ts';
export { kafkaTool } from './kafka-tool.ts';
export type { KafkaToolName, KafkaToolOptions, ToolResult } from './kafka-tool.ts';
export { fetchedJar } from './maven-artifact.ts';
export { startMariadb, startMysql } from './mysql-server.ts';
export { kcat, requireKcat, startKcat } from './kcat.ts';
export { OwnedProcess, type ExitStatus, type ProcessSpec } from './owned-process.ts';
export { PluginWorkspace } from './plugin-workspace.ts';
export { requireServer, serverProblem, skipReason } from './require-server.ts';
export type { ServerName, SkippableTest } from './require-server.ts';
export { startPostgres, type PostgresVersion } from './postgres-server.ts';
export { propertiesText, testCacheDir } from './server-files.ts';
export { SluiceProcess, startSluice, type SluiceOptions } from './sluice-process.ts';
export { makeTempDir, type TempDir } from './temp-dir.ts';
export { HopelessError, waitUntil, type WaitOptions } from './wait-until.ts';
