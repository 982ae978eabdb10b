package sluice.parity.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;

/** The keys of Java's clients as validation shows them where a connector overrides one, as a TypeScript module. */
final class ClientKeys {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ClientKeys() {
    }

    static void write(Path file) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append("// Written by tools/java-parity/config from Kafka's own clients: do not edit.\n");
        text.append("import type { ConfigType, Importance } from '@sluice/api';\n\n");
        text.append("/** Type, importance, default as text; no default: the key is required. */\n");
        text.append("type ClientKey = readonly [type: ConfigType, importance: Importance, defaultText?: string | null];\n");
        text.append("type ClientKeys = Readonly<Record<string, ClientKey>>;\n");
        module(text, "PRODUCER_KEYS", ProducerConfig.configDef());
        module(text, "CONSUMER_KEYS", ConsumerConfig.configDef());
        module(text, "ADMIN_KEYS", AdminClientConfig.configDef());
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void module(StringBuilder text, String name, ConfigDef def) throws JsonProcessingException {
        text.append("\nexport const ").append(name).append(": ClientKeys = {\n");
        for (Map.Entry<String, ConfigDef.ConfigKey> entry : new TreeMap<>(def.configKeys()).entrySet()) {
            ConfigDef.ConfigKey key = entry.getValue();
            text.append("  ").append(JSON.writeValueAsString(key.name)).append(": [")
                .append(JSON.writeValueAsString(key.type.name())).append(", ").append(JSON.writeValueAsString(key.importance.name()));
            if (key.hasDefault()) text.append(", ").append(JSON.writeValueAsString(ConfigDef.convertToString(key.defaultValue, key.type)));
            text.append("],\n");
        }
        text.append("};\n");
    }
}
