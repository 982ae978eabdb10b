package sluice.parity.assignors;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** One group and its cluster, made at random, and what each assignor makes of it. */
final class Case {
  private static final int GENERATION = 5;

  /** One member of the group. */
  record Member(String id, String instanceId, String rack, List<String> topics,
      List<TopicPartition> owned) {}

  /** Racks of the brokers, by number; null for none. */
  private final List<String> brokerRacks = new ArrayList<>();
  /** Replicas of each partition, by topic. */
  private final Map<String, List<List<Integer>>> topics = new TreeMap<>();
  private final List<Member> members = new ArrayList<>();

  static Case invent(Random random) {
    Case made = new Case();
    int racks = 1 + random.nextInt(3);
    boolean hasRacks = random.nextInt(4) > 0;
    int brokers = 1 + random.nextInt(5);
    for (int b = 0; b < brokers; b++) {
      made.brokerRacks.add(hasRacks && random.nextInt(12) > 0 ? "rack" + b % racks : null);
    }
    int topicCount = 1 + random.nextInt(4);
    int same = 1 + random.nextInt(9);
    for (int t = 0; t < topicCount; t++) {
      int partitions = random.nextBoolean() ? same : 1 + random.nextInt(9);
      int factor = 1 + random.nextInt(Math.min(3, brokers));
      List<List<Integer>> replicas = new ArrayList<>();
      for (int p = 0; p < partitions; p++) {
        List<Integer> own = new ArrayList<>();
        int first = random.nextInt(brokers);
        for (int r = 0; r < factor; r++) own.add((first + r) % brokers);
        replicas.add(own);
      }
      made.topics.put("topic" + t, replicas);
    }
    made.inventMembers(random, hasRacks ? racks : 0);
    return made;
  }

  private void inventMembers(Random random, int racks) {
    int count = 1 + random.nextInt(6);
    boolean isUniform = random.nextBoolean();
    List<TopicPartition> free = new ArrayList<>();
    topics.forEach((topic, replicas) -> {
      for (int p = 0; p < replicas.size(); p++) free.add(new TopicPartition(topic, p));
    });
    java.util.Collections.shuffle(free, random);
    boolean isFirst = random.nextInt(3) == 0;
    for (int m = 0; m < count; m++) {
      List<String> subscribed = new ArrayList<>();
      for (String topic : topics.keySet()) {
        if (isUniform || random.nextInt(4) > 0) subscribed.add(topic);
      }
      List<TopicPartition> owned = new ArrayList<>();
      if (!isFirst) {
        int share = random.nextInt(free.size() / count + 2);
        for (int i = 0; i < share && !free.isEmpty(); i++) {
          TopicPartition next = free.remove(free.size() - 1);
          if (subscribed.contains(next.topic())) owned.add(next);
        }
      }
      String rack = racks > 0 && random.nextInt(8) > 0 ? "rack" + random.nextInt(racks + 1) : null;
      String instance = random.nextInt(5) == 0 ? "instance" + (9 - m) : null;
      members.add(new Member("member" + (char) ('a' + random.nextInt(3)) + m, instance, rack,
          subscribed, owned));
    }
  }

  /** The case and its outcomes, as one line of JSON. */
  String recorded() {
    StringBuilder json = new StringBuilder("{\"brokerRacks\":").append(Json.texts(brokerRacks));
    json.append(",\"topics\":{");
    List<String> parts = new ArrayList<>();
    topics.forEach((topic, replicas) -> parts.add(Json.text(topic) + ":" + replicas));
    json.append(String.join(",", parts)).append("},\"members\":[");
    parts.clear();
    for (Member m : members) {
      parts.add("{\"id\":" + Json.text(m.id) + ",\"instanceId\":" + Json.text(m.instanceId)
          + ",\"rack\":" + Json.text(m.rack) + ",\"topics\":" + Json.texts(m.topics)
          + ",\"owned\":" + Json.partitions(m.owned) + "}");
    }
    json.append(String.join(",", parts)).append("]");
    json.append(",\"range\":").append(outcome(new RangeAssignor()));
    json.append(",\"roundrobin\":").append(outcome(new RoundRobinAssignor()));
    json.append(",\"cooperativeSticky\":").append(outcome(new Unadjusted()));
    return json.append("}").toString();
  }

  /** The decision itself, before cooperative members are made to give up first what moves. */
  private static final class Unadjusted extends CooperativeStickyAssignor {
    @Override
    public Map<String, List<TopicPartition>> assignPartitions(
        Map<String, List<PartitionInfo>> partitions, Map<String, Subscription> subscriptions) {
      // The class's own method takes back what is owned by others; its parent's does not.
      Map<String, List<TopicPartition>> decided = new TreeMap<>();
      Stickiness inner = new Stickiness(this::memberData);
      inner.assignPartitions(partitions, subscriptions).forEach(decided::put);
      return decided;
    }
  }

  private String outcome(ConsumerPartitionAssignor assignor) {
    Map<String, Subscription> subscriptions = new TreeMap<>();
    ByteBuffer generation = ByteBuffer.allocate(4).putInt(GENERATION);
    generation.flip();
    for (Member m : members) {
      Subscription subscription = new Subscription(m.topics, generation.duplicate(), m.owned,
          GENERATION, Optional.ofNullable(m.rack));
      subscription.setGroupInstanceId(Optional.ofNullable(m.instanceId));
      subscriptions.put(m.id, subscription);
    }
    var assigned = assignor.assign(cluster(), new GroupSubscription(subscriptions)).groupAssignment();
    List<String> parts = new ArrayList<>();
    for (String id : new TreeSet<>(assigned.keySet())) {
      parts.add(Json.text(id) + ":" + Json.partitions(assigned.get(id).partitions()));
    }
    return "{" + String.join(",", parts) + "}";
  }

  private Cluster cluster() {
    List<Node> nodes = new ArrayList<>();
    for (int b = 0; b < brokerRacks.size(); b++) {
      nodes.add(new Node(b, "host" + b, 9092, brokerRacks.get(b)));
    }
    List<PartitionInfo> infos = new ArrayList<>();
    topics.forEach((topic, replicas) -> {
      for (int p = 0; p < replicas.size(); p++) {
        Node[] own = replicas.get(p).stream().map(nodes::get).toArray(Node[]::new);
        infos.add(new PartitionInfo(topic, p, own[0], own, own));
      }
    });
    return new Cluster("cluster", nodes, infos, java.util.Set.of(), java.util.Set.of());
  }
}
