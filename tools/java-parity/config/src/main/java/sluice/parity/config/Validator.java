package sluice.parity.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigOverridePolicy;
import org.apache.kafka.connect.runtime.Worker;
import org.apache.kafka.connect.runtime.isolation.Plugins;
import org.apache.kafka.connect.runtime.rest.entities.ConfigInfos;
import org.apache.kafka.connect.runtime.rest.entities.ConfigKeyInfo;
import org.apache.kafka.connect.runtime.standalone.StandaloneConfig;
import org.apache.kafka.connect.runtime.standalone.StandaloneHerder;
import org.apache.kafka.connect.storage.MemoryOffsetBackingStore;
import org.apache.kafka.connect.util.FutureCallback;

/** A standalone herder that was never started: validating needs no Kafka. */
final class Validator implements AutoCloseable {
    private static final String POLICY_PACKAGE = "org.apache.kafka.connect.connector.policy.";
    private static final long TIMEOUT_S = 60;

    private final Plugins plugins;
    private final StandaloneHerder herder;

    Validator(String policyName) throws ClassNotFoundException {
        Map<String, String> worker = new HashMap<>();
        worker.put("bootstrap.servers", "127.0.0.1:1");
        worker.put("key.converter", "org.apache.kafka.connect.json.JsonConverter");
        worker.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
        worker.put("offset.storage.file.filename", "unused");
        worker.put("connector.client.config.override.policy", policyName);
        worker.put("connector.client.config.override.allowlist", "linger.ms, fetch.min.bytes");
        worker.put("plugin.discovery", "service_load");
        plugins = new Plugins(worker);
        StandaloneConfig config = new StandaloneConfig(worker) {
            @Override
            public String kafkaClusterId() {
                return "recorder";
            }
        };
        ConnectorClientConfigOverridePolicy policy = Utils.newInstance(
            POLICY_PACKAGE + policyName + "ConnectorClientConfigOverridePolicy", ConnectorClientConfigOverridePolicy.class);
        policy.configure(config.originals());
        Worker notStarted = new Worker("recorder:8083", Time.SYSTEM, plugins, config, new MemoryOffsetBackingStore() {
            @Override
            public java.util.Set<Map<String, Object>> connectorPartitions(String connectorName) {
                return java.util.Set.of();
            }
        }, policy);
        herder = new StandaloneHerder(notStarted, "recorder", policy);
    }

    /** The whole answer, or what is thrown. */
    ConfigInfos validate(Map<String, String> props) throws Throwable {
        FutureCallback<ConfigInfos> done = new FutureCallback<>();
        herder.validateConnectorConfig(new HashMap<>(props), done, false);
        try {
            return done.get(TIMEOUT_S, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException thrown) {
            throw thrown.getCause();
        }
    }

    /** Classes whose config REST shows. */
    Iterable<String> plugins() {
        TreeSet<String> names = new TreeSet<>();
        plugins.sinkConnectors().forEach(plugin -> names.add(plugin.className()));
        plugins.sourceConnectors().forEach(plugin -> names.add(plugin.className()));
        plugins.converters().forEach(plugin -> names.add(plugin.className()));
        plugins.headerConverters().forEach(plugin -> names.add(plugin.className()));
        plugins.transformations().forEach(plugin -> names.add(plugin.className()));
        plugins.predicates().forEach(plugin -> names.add(plugin.className()));
        return names;
    }

    List<ConfigKeyInfo> keys(String className) {
        return herder.connectorPluginConfig(className);
    }

    @Override
    public void close() {
        herder.stop();
    }
}
