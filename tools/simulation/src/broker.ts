import type { LogRecord, NewRecord, Watermarks } from '@linli/bus';
import type { TopicSpec } from '@linli/contracts';
import type { Machine } from './machine.js';
import type { World } from './world.js';

const SESSION_TIMEOUT_MS = 1_000;

/** A consumer as its group knows it. */
export interface Member {
  readonly machine: Machine;
  /** It has left for good. */
  gone: boolean;
  /** Is told over the network which partitions are its own from now on. */
  assign(partitions: readonly number[]): void;
  turn(): void;
}

interface Group {
  readonly topic: string;
  members: Member[];
}

/** The log itself: it loses nothing by its own, but may be told to. */
export class Broker {
  private readonly topics = new Map<string, (LogRecord | null)[][]>();
  private readonly groups = new Map<string, Group>();

  constructor(private readonly world: World) {}

  provision(topics: readonly TopicSpec[]): void {
    for (const { name, partitions } of topics) {
      if (this.topics.has(name)) continue;
      this.topics.set(
        name,
        Array.from({ length: partitions }, () => []),
      );
    }
  }

  append(topic: string, records: readonly NewRecord[]): void {
    for (const { partition, key, value, headers } of records) {
      const stored = this.partition(topic, partition);
      const offset = stored.length;
      stored.push({ topic, partition, offset, key, value, headers, appendedAt: this.world.date });
      this.world.note('log', `${topic}/${partition}@${offset} is ${headers['ce_sequence'] ?? key ?? ''}`);
    }
    for (const group of this.groups.values()) {
      if (group.topic === topic) group.members.forEach((member) => this.later(member, () => member.turn()));
    }
  }

  marks(topic: string): Watermarks[] {
    return this.partitions(topic).map(({ length }, partition) => ({ partition, low: 0, high: length }));
  }

  /** The records from an offset on, without the lost ones. */
  read(topic: string, partition: number, from: number): LogRecord[] {
    return this.partition(topic, partition)
      .slice(Math.max(0, from))
      .filter((record) => record !== null);
  }

  at(topic: string, partition: number, offset: number): LogRecord | null {
    return this.partition(topic, partition)[offset] ?? null;
  }

  /** Loses one record of a topic that is not its partition's last: from the last on, nobody could tell. */
  lose(topic: string): boolean {
    const stored = this.world.chance.of(this.partitions(topic));
    const offset = this.world.chance.below(stored.length - 1);
    if (!stored[offset] || offset >= stored.length - 1) return false;
    stored[offset] = null;
    this.world.note('log', `loses ${topic}@${offset}`);
    return true;
  }

  join(name: string, topic: string, member: Member): void {
    const group = this.groups.get(name) ?? { topic, members: [] };
    this.groups.set(name, group);
    group.members.push(member);
    this.share(group);
    member.machine.watch(() => this.suspect(group, member));
    if (member.machine.state !== 'running') this.suspect(group, member);
  }

  /** A member that says goodbye. */
  leave(name: string, member: Member): void {
    member.gone = true;
    const group = this.groups.get(name);
    if (group) this.drop(group, member);
  }

  /** Deals the partitions anew, to other members than before. */
  rebalance(): void {
    for (const group of this.groups.values()) {
      group.members.push(...group.members.splice(0, 1));
      this.share(group);
    }
  }

  private drop(group: Group, member: Member): void {
    group.members = group.members.filter((other) => other !== member);
    this.share(group);
  }

  /** No heartbeat comes any more: after a while its partitions go to others. */
  private suspect(group: Group, member: Member): void {
    this.world.after(SESSION_TIMEOUT_MS, () => {
      const { state } = member.machine;
      if (state === 'running' || !group.members.includes(member)) return;
      this.drop(group, member);
      if (state === 'frozen') member.machine.resume(() => this.comeBack(group, member));
    });
  }

  /** It has thawed: for a moment it works on as if nothing had happened, then it hears of it. */
  private comeBack(group: Group, member: Member): void {
    this.world.faults.follows('zombie');
    this.world.after(this.world.chance.between(1, 300), () => {
      if (member.gone || member.machine.state === 'dead' || group.members.includes(member)) return;
      group.members.push(member);
      this.share(group);
      if (member.machine.state === 'frozen') this.suspect(group, member);
    });
  }

  /** Each hears at its own time; what it hears is how things stand then. */
  private share(group: Group): void {
    for (const member of group.members) {
      this.later(member, () => {
        const place = group.members.indexOf(member);
        if (place === -1) return;
        const all = this.partitions(group.topic).map((_, partition) => partition);
        member.assign(all.filter((partition) => partition % group.members.length === place));
      });
    }
  }

  private later(member: Member, work: () => void): void {
    this.world.after(this.world.chance.between(0.1, 20), () => member.machine.resume(work));
  }

  private partitions(topic: string): (LogRecord | null)[][] {
    const stored = this.topics.get(topic);
    if (!stored) throw new Error(`the topic ${topic} was not provisioned`);
    return stored;
  }

  private partition(topic: string, partition: number): (LogRecord | null)[] {
    const stored = this.partitions(topic)[partition];
    if (!stored) throw new Error(`${topic} has no partition ${partition}`);
    return stored;
  }
}
