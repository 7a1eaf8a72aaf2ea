import type { PullSubscriber } from '../pull-subscriber.js';

/**
 * Shares the partitions of a topic among the members of a group. A partition changes hands at once, even while the
 * member before works on it, as happens with a frozen process in Kafka: only the fence tells who counts.
 */
export class GroupOfMembers {
  private members: PullSubscriber[] = [];

  constructor(
    readonly topic: string,
    private readonly partitions: number,
  ) {}

  all(): readonly PullSubscriber[] {
    return this.members;
  }

  join(member: PullSubscriber): void {
    this.members.push(member);
    this.share();
  }

  leave(member: PullSubscriber): void {
    this.members = this.members.filter((other) => other !== member);
    this.share();
  }

  turn(): void {
    for (const member of this.members) member.turn();
  }

  private share(): void {
    const all = Array.from({ length: this.partitions }, (_, partition) => partition);
    this.members.forEach((member, place) =>
      member.assign(all.filter((partition) => partition % this.members.length === place)),
    );
  }
}
