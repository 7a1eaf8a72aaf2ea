import type { Command, TopicSpec } from '@linli/contracts';
import type { Counts } from '../counts.js';
import { buryMembers } from '../fleet/kafka-members.js';
import { freshTopic, type Ground } from './ground.js';
import { aCommand, idOf, publish } from './load.js';
import type { Told } from './member/doors.js';
import { startMember, type Member } from './members.js';
import type { MemberSettings } from './member/settings.js';

export interface Sent extends Told {
  readonly key: string;
  readonly command: Command;
}

let worlds = 0;

/** A teller and a hearer with topics and schemas of their own on a shared ground, and what was sent to them. */
export class World {
  readonly sent: Sent[] = [];
  private readonly members: Member[] = [];

  private constructor(
    readonly ground: Ground,
    readonly run: string,
    readonly commands: TopicSpec,
    readonly facts: TopicSpec,
  ) {}

  static async open(shared: Ground, partitions: number): Promise<World> {
    worlds += 1;
    const ground = await shared.branch();
    const commands = await freshTopic(ground, 'commands', partitions);
    const facts = await freshTopic(ground, 'facts', partitions);
    return new World(ground, `w${worlds}_${Date.now().toString(36)}`, commands, facts);
  }

  /** Schema of the teller. */
  get told(): string {
    return `told_${this.run}`;
  }
  /** Schema of the hearer. */
  get heard(): string {
    return `heard_${this.run}`;
  }

  private get base(): Omit<MemberSettings, 'service' | 'schema' | 'brokers'> {
    return {
      databaseUrl: this.ground.databaseUrl,
      ...{ commands: null, tells: null, hears: null, intake: null },
      ...{ healFrom: null, anchors: null, port: 0, stuckAfterMs: 0 },
    };
  }

  get teller(): MemberSettings {
    const { told, commands, facts: tells, ground } = this;
    return {
      ...this.base,
      ...{ service: told, schema: told, commands, tells, brokers: [ground.doors.TELLERS.address] },
    };
  }

  /** Of the teller's service, without consumers: it stamps and relays beside it. */
  get relay(): MemberSettings {
    return { ...this.teller, commands: null };
  }

  hearer(healFrom: Pick<Member, 'url'>): MemberSettings {
    const { heard, facts: hears, ground } = this;
    return {
      ...this.base,
      ...{ service: heard, schema: heard, hears, healFrom: healFrom.url },
      brokers: [ground.doors.HEARERS.address],
    };
  }

  async start(settings: MemberSettings, failpoint?: string): Promise<Member> {
    const member = await startMember(settings, failpoint);
    this.members.push(member);
    return member;
  }

  /** After the death of a service's only process: the next one need not wait for its groups to notice. */
  async bury({ service, commands, hears, intake }: MemberSettings): Promise<void> {
    const groups = [commands, hears, intake].flatMap((topic) =>
      topic ? [`linli.${service}.${topic.name}`] : [],
    );
    await buryMembers(this.ground.brokers, groups);
  }

  key(n: number): string {
    return idOf(`${this.run} key ${n}`);
  }

  /** Sends commands in this order, numbered on from the last one; remembers them. */
  async send(wishes: readonly (Omit<Told, 'n'> & { readonly key: string })[]): Promise<Sent[]> {
    const batch = wishes.map(({ key, ...wish }, i) => {
      const told: Told = { ...wish, n: this.sent.length + i };
      return { ...told, key, command: aCommand(this.run, key, told) };
    });
    await publish(
      this.ground,
      this.commands,
      batch.map(({ command }) => command),
    );
    this.sent.push(...batch);
    return batch;
  }

  /** Ends what still runs. */
  async close(): Promise<void> {
    await Promise.all(this.members.map((member) => member.end()));
    await this.ground.stop();
  }
}

/** Work in a world of its own, which ends with it. */
export const inWorld = async (
  shared: Ground,
  partitions: number,
  work: (world: World) => Promise<Counts>,
): Promise<Counts> => {
  const world = await World.open(shared, partitions);
  try {
    return await work(world);
  } finally {
    await world.close();
  }
};
