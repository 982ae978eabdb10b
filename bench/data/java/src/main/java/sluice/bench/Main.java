package sluice.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;

/**
 * One side of the bench: does one case (JSON in the argument), round by round. Each line of the input is the CPU time
 * of a round in milliseconds; the answer is CPU nanoseconds per record, of all threads of the process.
 */
public final class Main {
    private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** What a batch has made stays until the next one, as in a worker; nothing can be left out as unused. */
    static final Object[] KEPT = new Object[Orders.RECORDS];

    private Main() {
    }

    /** Does the work for the record of that index. */
    interface Work {
        Object apply(int index);
    }

    public static void main(String[] args) throws Exception {
        JsonNode spec = new ObjectMapper().readTree(args[0]);
        Work work = Cases.workOf(spec);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
        System.out.println("sample " + Cases.sampleOf(work.apply(17)));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            System.out.println("round " + round(work, Long.parseLong(line.trim()) * 1_000_000));
        }
    }

    private static double round(Work work, long nanos) {
        long start = SYSTEM.getProcessCpuTime();
        long records = 0;
        long used = 0;
        while (used < nanos) {
            for (int batch = 0; batch < 16; batch++) {
                for (int i = 0; i < Orders.RECORDS; i++) KEPT[i] = work.apply(i);
            }
            records += 16 * Orders.RECORDS;
            used = SYSTEM.getProcessCpuTime() - start;
        }
        return (double) used / records;
    }
}
