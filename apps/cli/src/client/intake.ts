import { IntakeReceipt } from '@linli/contracts';
import { Declined } from './faults.js';
import type { Answer, Api } from './api.js';

/** The per-item results of a batch: of a 202, and of a 422 (all items bad), which carries them too. */
const receiptOf = ({ status, body }: Answer): IntakeReceipt | undefined => {
  if (status !== 202 && status !== 422) return undefined;
  const receipt = IntakeReceipt.safeParse(body);
  if (receipt.success) return receipt.data;
  const items = IntakeReceipt.shape.items.safeParse((body as { items?: unknown } | null)?.items);
  if (!items.success) return undefined;
  const count = (wanted: string) => items.data.filter((item) => item.status === wanted).length;
  return {
    accepted: count('accepted'),
    rejected: count('rejected'),
    quarantined: count('quarantined'),
    items: items.data,
  };
};

const textOf = (body: unknown, name: string): string | undefined => {
  const value = (body as Record<string, unknown> | null)?.[name];
  return typeof value === 'string' ? value : undefined;
};

/** Posts a batch; halves one that is too large (413). Throws `Declined` when the batch as a whole is refused. */
export const postEvents = async (api: Api, events: readonly unknown[]): Promise<IntakeReceipt> => {
  const answer = await api.post('/v1/risk-events', events);
  const receipt = receiptOf(answer);
  if (receipt) return receipt;
  if (answer.status === 413 && events.length > 1) return postHalves(api, events);
  const { status, body } = answer;
  throw new Declined(status, textOf(body, 'code') ?? 'UNKNOWN', textOf(body, 'detail') ?? String(body), body);
};

const postHalves = async (api: Api, events: readonly unknown[]): Promise<IntakeReceipt> => {
  const middle = Math.ceil(events.length / 2);
  const first = await postEvents(api, events.slice(0, middle));
  const second = await postEvents(api, events.slice(middle));
  return {
    accepted: first.accepted + second.accepted,
    rejected: first.rejected + second.rejected,
    quarantined: first.quarantined + second.quarantined,
    items: [...first.items, ...second.items.map((item) => ({ ...item, index: item.index + middle }))],
  };
};
