package sluice.parity.assignors;

import java.util.function.Function;
import org.apache.kafka.clients.consumer.internals.AbstractStickyAssignor;

/** The sticky decision alone. */
final class Stickiness extends AbstractStickyAssignor {
  private final Function<Subscription, MemberData> memberData;

  Stickiness(Function<Subscription, MemberData> memberData) {
    this.memberData = memberData;
  }

  @Override
  protected MemberData memberData(Subscription subscription) {
    return memberData.apply(subscription);
  }

  @Override
  public String name() {
    return "stickiness";
  }
}
