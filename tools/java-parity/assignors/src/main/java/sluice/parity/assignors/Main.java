package sluice.parity.assignors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes assignors.jsonl into the folder given: one case per line. */
public final class Main {
  private static final int CASES = 300;
  private static final long SEED = 881;

  private Main() {}

  public static void main(String[] args) throws IOException {
    Random random = new Random(SEED);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < CASES; i++) {
      lines.add(Case.invent(random).recorded());
    }
    Path folder = Path.of(args[0]);
    Files.createDirectories(folder);
    Files.write(folder.resolve("assignors.jsonl"), lines);
  }
}
