package sluice.parity.assignors;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** The little JSON that cases need: names hold nothing that must be escaped. */
final class Json {
  private Json() {}

  static String text(String text) {
    return text == null ? "null" : '"' + text + '"';
  }

  static String texts(List<String> texts) {
    List<String> parts = new ArrayList<>();
    for (String each : texts) parts.add(text(each));
    return "[" + String.join(",", parts) + "]";
  }

  /** Sorted: the order inside an assignment means nothing. */
  static String partitions(List<TopicPartition> partitions) {
    List<TopicPartition> sorted = new ArrayList<>(partitions);
    sorted.sort(Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition));
    List<String> names = new ArrayList<>();
    for (TopicPartition each : sorted) names.add(each.topic() + "-" + each.partition());
    return texts(names);
  }
}
