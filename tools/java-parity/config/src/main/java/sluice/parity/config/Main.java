package sluice.parity.config;

import java.nio.file.Path;
import java.util.List;

/** Records what a Java worker says of configs: `Main <golden folder> <file of client keys> <file of test connectors>`. */
public final class Main {
    private Main() {
    }

    public static void main(String[] args) throws Exception {
        ClientKeys.write(Path.of(args[1]));
        ToolsRecorder.write(Path.of(args[2]));
        Cases cases = new Cases(45);
        try (Recording out = new Recording(Path.of(args[0]), "config-validate")) {
            for (String policy : List.of("None", "All", "Principal", "Allowlist")) {
                try (Validator validator = new Validator(policy)) {
                    if (policy.equals("None")) {
                        for (String name : validator.plugins()) out.plugin(name, validator.keys(name));
                        for (var props : cases.handPicked()) out.answer(policy, props, validator);
                        for (var props : cases.invented()) out.answer(policy, props, validator);
                    }
                    for (var props : cases.overrides()) out.answer(policy, props, validator);
                }
            }
        }
        // Clients of the admin that a Mirror class opened may linger.
        System.exit(0);
    }
}
