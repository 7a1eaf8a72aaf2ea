import { Refused } from '@linli/kernel';
import { secretsOf, type PurposeKeys } from '@linli/service/input';
import { parentPort, workerData } from 'node:worker_threads';
import type { KnownPlaces } from '../../clients/intake-views.js';
import { packedBytes, type Task, type Verdict } from './judge-wire.js';
import { compiledShape } from './shape.js';
import { MOST_TENANTS, takeIn } from './take-in.js';

const secrets = secretsOf(workerData as PurposeKeys);
const fits = compiledShape();
const known = new Map<string, KnownPlaces>();
const nowhere: KnownPlaces = {
  categories: new Map(),
  areas: new Map(),
  loaded: null,
  credibilities: new Map(),
};

const placesFor = ({ caller: { tenant }, known: news }: Task): KnownPlaces => {
  if (news) {
    if (known.size >= MOST_TENANTS) {
      known.clear();
    }
    known.set(tenant, news);
  }
  return known.get(tenant) ?? nowhere;
};

const verdictOn = (task: Task): Verdict => {
  try {
    const request = { ...task, body: Buffer.from(task.body), known: placesFor(task) };
    const taken = takeIn(request, secrets, fits);
    return 'answer' in taken ? { taken: packedBytes(taken) } : taken;
  } catch (error) {
    return error instanceof Refused
      ? { refused: error.refusal }
      : { fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
};

parentPort?.on('message', (task: Task) => {
  const verdict = verdictOn(task);
  parentPort?.postMessage({ id: task.id, verdict }, 'taken' in verdict ? [verdict.taken.bytes] : []);
});
