import { ConfigDef, type Props, type SinkConnectorPlugin } from '@sluice/api';

/** A sink whose task configs are always the same, empty ones. Mirrors `EmptyTaskConfigsConnector`. */
export function emptyTaskConfigs(): SinkConnectorPlugin {
  return {
    type: 'sink',
    className: 'org.apache.kafka.connect.integration.EmptyTaskConfigsConnector',
    version: '0.0',
    config: new ConfigDef({}),
    create: () => ({
      initialize: () => undefined,
      start: () => undefined,
      taskConfigs: (maxTasks) => Array.from({ length: maxTasks }, (): Props => ({})),
      stop: () => undefined,
      newTask: () => ({
        initialize: () => undefined,
        start: () => undefined,
        put: () => undefined,
        stop: () => undefined,
      }),
    }),
  };
}
