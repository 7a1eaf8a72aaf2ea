import { describe, expect, it } from '@jest/globals';
import { Accuracy, SecondLook, SecondLooks } from '@linli/contracts';
import { isPicked } from '../domain/label-quality.js';
import { aPrincipal, AREA, someEvents, type World } from '../risk.fixture.js';
import { worldForEachTest } from '../worlds.fixture.js';
import { accuracy } from './accuracy.js';
import { waitingSecondLooks } from './second-looks.js';

let world: World;
worldForEachTest((empty) => (world = empty));

const REGISTER = '00000000-0000-4000-8000-000000000000';
const second = aPrincipal({ keyId: 'k-second', name: 'Second officer' });
const waiting = async (who = second) => {
  const found = await waitingSecondLooks(world.database, who);
  expect(SecondLooks.parse(found)).toEqual(found);
  return found.items;
};
const look = (data: object, principal = second) =>
  world.tell('risk.record-second-look', REGISTER, { evidence: 'nobody there', ...data }, { principal });
const labels = async () => {
  const found = await accuracy(world.database, aPrincipal(), {});
  expect(Accuracy.parse(found)).toEqual(found);
  return found.traditional.secondLooks;
};

/** Warnings in as many grids as it takes that some of them are picked; all verified, every third a false alarm. */
const verified = async (exercise = false): Promise<string[]> => {
  const grids = Array.from({ length: 40 }, (_, n) => `g-${n}`);
  await world.arrive(
    grids.flatMap((grid) => someEvents(3, { grid, ...(exercise && { exercise: true }) }, grid)),
  );
  const rows = await world.query<{ id: string }>('SELECT id FROM warning ORDER BY id');
  for (const [n, { id }] of rows.entries()) {
    await world.tell('risk.acknowledge-warning', id, {});
    const result = n % 3 === 0 ? 'false' : 'confirmed';
    await world.tell('risk.verify-warning', id, { result, evidence: 'seen' });
  }
  return rows.map(({ id }) => id).filter(isPicked);
};

describe('second looks', () => {
  it('are asked for where the id says so, and say nothing of what was found', async () => {
    const picked = await verified();
    expect(picked.length).toBeGreaterThan(0);
    const found = await waiting();
    expect(found.map(({ warning }) => warning).toSorted()).toEqual(picked);
    expect(found[0]).toMatchObject({ category: 'DSP-04', area: AREA, scope: { grid: expect.anything() } });
    expect(JSON.stringify(found)).not.toMatch(/confirmed|false|seen/u);
    expect(await labels()).toMatchObject({ asked: picked.length, agreed: { of: 0 }, kappa: null });
  });

  it('are no business of the first officer, of other areas and other tenants', async () => {
    const [warning] = await verified();
    const others = [
      aPrincipal(),
      aPrincipal({ ...second, areas: ['330106'] }),
      aPrincipal({ ...second, tenant: 'xihu' }),
    ];
    for (const other of others) expect(await waiting(other)).toEqual([]);
    const codes = [];
    for (const other of others.slice(0, 2)) {
      codes.push((await look({ warning, result: 'false' }, other)).refusal?.code);
    }
    expect(codes).toEqual(['WRN_SELF_VERIFY', 'RSK_SECOND_LOOK_NOT_FOUND']);
  });

  it('are done once, change nothing about the warning, and count', async () => {
    const [warning = ''] = await verified();
    const before = await world.query('SELECT * FROM warning WHERE id = $1', [warning]);
    expect((await look({ warning, result: 'unclear' })).refusal?.code).toBe('BODY_INVALID');
    const done = SecondLook.parse((await look({ warning, result: 'false' })).resource);
    expect(done).toMatchObject({ warning, second: 'false', by: 'Second officer' });
    expect((await look({ warning, result: 'false' })).refusal?.code).toBe('RSK_SECOND_LOOK_NOT_FOUND');
    expect(await world.query('SELECT * FROM warning WHERE id = $1', [warning])).toEqual(before);
    expect(await labels()).toMatchObject({ agreed: { of: 1, right: done.first === 'false' ? 1 : 0 } });
    expect(JSON.stringify(await world.query('SELECT * FROM risk_second_look'))).not.toContain('nobody');
  });

  it('are not asked for of an exercise', async () => {
    const picked = await verified(true);
    expect(picked.length).toBeGreaterThan(0);
    expect(await waiting()).toEqual([]);
  });
});
