import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ConnectorContext,
  type Props,
  type SinkConnectorPlugin,
  type SinkTask,
  type SourceConnectorPlugin,
  type SourceTask,
} from '@sluice/api';
import { failureDelayMs, MockFailure, mockError } from './mock-failure.ts';
import { NO_KEYS, TOOL_VERSION, TOOLS } from './tool-props.ts';

/** How long a poll waits: it never has anything. */
const POLL_MS = 100;

/**
 * Does nothing but fail, in the connector or in its task, after a time (`mock_mode`, `delay_ms`).
 * Mirrors `org.apache.kafka.connect.tools.MockSourceConnector`.
 */
export const mockSource: SourceConnectorPlugin = {
  type: 'source',
  className: `${TOOLS}MockSourceConnector`,
  version: TOOL_VERSION,
  config: NO_KEYS,
  create: () => ({ ...mockConnector(), newTask: mockSourceTask }),
};

/** As {@link mockSource}, for sinks. Mirrors `MockSinkConnector`. */
export const mockSink: SinkConnectorPlugin = {
  type: 'sink',
  className: `${TOOLS}MockSinkConnector`,
  version: TOOL_VERSION,
  config: NO_KEYS,
  create: () => ({ ...mockConnector(), newTask: mockSinkTask }),
};

interface MockConnector {
  initialize(context: ConnectorContext): void;
  start(props: Props): void;
  taskConfigs(): readonly Props[];
  stop(): void;
}

function mockConnector(): MockConnector {
  let context: ConnectorContext | null = null;
  let config: Props = {};
  let timer: NodeJS.Timeout | undefined;
  return {
    initialize(given) {
      context = given;
    },
    start(props) {
      config = props;
      const delayMs = failureDelayMs(props, 'connector-failure');
      if (delayMs !== null) timer = setTimeout(() => context?.raiseError(mockError()), delayMs);
    },
    taskConfigs: () => [config],
    stop: () => clearTimeout(timer),
  };
}

function mockSourceTask(): SourceTask {
  let failure: MockFailure | null = null;
  return {
    initialize: () => undefined,
    start(props) {
      failure = new MockFailure(props);
    },
    async poll(signal) {
      failure?.check();
      await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
      return null;
    },
    stop: () => undefined,
  };
}

function mockSinkTask(): SinkTask {
  let failure: MockFailure | null = null;
  return {
    initialize: () => undefined,
    start(props) {
      failure = new MockFailure(props);
    },
    put: () => failure?.check(),
    stop: () => undefined,
  };
}
