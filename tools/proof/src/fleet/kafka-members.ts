import { Kafka, logLevel } from 'kafkajs';
import { once } from 'node:events';
import { connect } from 'node:net';

const LEAVE_GROUP = 13;
/** Of a member whose session ended meanwhile. */
const UNKNOWN_MEMBER = 25;

const text = (value: string): Buffer => {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/** A request of Kafka's protocol, LeaveGroup version 0, in a dead member's name. */
const leaveRequest = (group: string, member: string): Buffer => {
  const head = Buffer.alloc(8);
  head.writeInt16BE(LEAVE_GROUP, 0);
  head.writeInt16BE(0, 2);
  head.writeInt32BE(1, 4);
  const request = Buffer.concat([head, text('proof'), text(group), text(member)]);
  const size = Buffer.alloc(4);
  size.writeInt32BE(request.length);
  return Buffer.concat([size, request]);
};

const leave = async (broker: string, group: string, member: string): Promise<void> => {
  const [host, port] = broker.split(':');
  const socket = connect(Number(port), host);
  try {
    await once(socket, 'connect');
    socket.write(leaveRequest(group, member));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    const code = answer.readInt16BE(8);
    if (code !== 0 && code !== UNKNOWN_MEMBER)
      throw new Error(`LeaveGroup of ${member} was answered with error ${code}`);
  } finally {
    socket.destroy();
  }
};

/**
 * Takes all members of these groups out of them. A killed process would otherwise hold its partitions until Kafka's
 * session time-out of 12 s; suites that are about something else need not wait for it. For one broker.
 */
export const buryMembers = async (brokers: readonly string[], groups: readonly string[]): Promise<void> => {
  const [broker = ''] = brokers;
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  try {
    const { groups: found } = await admin.describeGroups([...groups]);
    for (const { groupId, members } of found)
      for (const { memberId } of members) await leave(broker, groupId, memberId);
  } finally {
    await admin.disconnect();
  }
};
