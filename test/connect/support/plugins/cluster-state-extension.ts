import { ConfigDef, type ConnectRestExtensionPlugin } from '@sluice/api';

/**
 * An extension that shows what it may know of the worker's connectors, below
 * `/integration-test-rest-extension`. Mirrors `IntegrationTestRestExtension`.
 */
export function clusterStateExtension(): Readonly<{ extension: ConnectRestExtensionPlugin }> {
  return {
    extension: {
      type: 'rest_extension',
      className: 'org.apache.kafka.connect.integration.IntegrationTestRestExtension',
      version: 'test',
      config: new ConfigDef({}),
      create() {
        const json = (value: unknown) => ({
          status: 200,
          contentType: 'application/json',
          body: JSON.stringify(value),
        });
        return {
          configure: () => undefined,
          register(context) {
            const { clusterState } = context;
            // Asked at once, as it must not wait for the worker that waits for it.
            const early = clusterState.connectors().catch(String);
            const path = '/integration-test-rest-extension';
            context.addRoute('GET', `${path}/registered`, async () => json(true));
            context.addRoute('GET', `${path}/early`, async () => json(await early));
            context.addRoute('GET', `${path}/state`, async () => {
              const names = await clusterState.connectors();
              const states = names.map(async (name) => {
                const health = await clusterState.connectorHealth(name);
                const config = await clusterState.connectorConfig(name);
                return { health: { ...health, tasks: [...health.tasks] }, config };
              });
              return json({
                cluster: clusterState.kafkaClusterId,
                states: await Promise.all(states),
              });
            });
          },
        };
      },
    },
  };
}
