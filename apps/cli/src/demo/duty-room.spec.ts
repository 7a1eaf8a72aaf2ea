import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RiskEvent } from '@linli/contracts';
import { Api } from '../client/api.js';
import { FakeLinli } from '../testing/fake-linli.js';
import { DutyRoom } from './duty-room.js';

const event: RiskEvent = {
  id: 'e',
  source: 's',
  category: 'NAT-01',
  area: '330106003018',
  place: { grid: '330106003018-03' },
  occurredAt: '2023-09-29T10:00:00+08:00',
};

describe('the duty room', () => {
  let system: FakeLinli;
  let room: DutyRoom;
  beforeEach(async () => {
    system = await new FakeLinli().start();
    const officers = new Map([['330106003', new Api(system.url, 'officer')]]);
    room = new DutyRoom(new Api(system.url, 'duty'), officers, 30);
  });
  afterEach(() => system.stop());

  const happens = (times: number): void => {
    for (let time = 0; time < times; time += 1) system.warnings.count(event);
  };
  const said = () => system.bodies.map(({ path, key }) => `${key}: ${path.split('/').at(-1)}`);

  it('leaves the first yellow warning alone until its colour went up, and answers all others', async () => {
    happens(4);
    const other = { ...event, place: { grid: '330106003018-04' } };
    expect(await room.round()).toMatchObject([
      { kind: 'raised', warning: { colour: 'yellow', status: 'issued' } },
    ]);
    expect(said()).toEqual([]);
    for (let time = 0; time < 4; time += 1) system.warnings.count(other);
    expect(await room.round()).toMatchObject([
      { kind: 'raised', warning: { scope: other.place, status: 'external' } },
    ]);
    expect(said()).toEqual(['officer: acknowledge', 'officer: verify', 'officer: hand-over']);
    const [alone] = system.warnings.list();
    if (alone) system.warnings.put({ ...alone, colour: 'orange', supervision: 1 });
    expect(await room.round()).toMatchObject([
      { kind: 'colour up', warning: { status: 'external', colour: 'orange', supervision: 1 } },
    ]);
    expect(await room.round()).toEqual([]);
  });

  it('issues an orange warning before its owner acknowledges it', async () => {
    happens(7);
    system.warnings.list().forEach((warning) => system.warnings.put({ ...warning, status: 'candidate' }));
    expect(await room.round()).toMatchObject([
      { kind: 'raised', warning: { colour: 'orange', status: 'external' } },
    ]);
    expect(said()).toEqual(['duty: issue', 'officer: acknowledge', 'officer: verify', 'officer: hand-over']);
  });

  it('tells when a colour goes up', async () => {
    happens(4);
    await room.round();
    happens(3);
    expect(await room.round()).toMatchObject([{ kind: 'colour up', warning: { colour: 'orange' } }]);
  });

  it('leaves nobody alone in its last rounds, which end when nothing waits any more', async () => {
    happens(4);
    const told: number[] = [];
    await room.lastRounds((changes) => void told.push(changes.length));
    expect(told.filter((count) => count > 0)).toEqual([1]);
    expect(room.warnings).toMatchObject([{ status: 'external' }]);
  });
});
