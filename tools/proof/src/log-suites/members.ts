import type { BusState, Released } from '@linli/bus';
import { hasEnded } from '@linli/store';
import { eventually, startProgram, type Program } from '@linli/testing';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SETTINGS_VARIABLE, type MemberSettings } from './member/settings.js';

/** A member that runs as a process of its own, to be hurt. */
export interface Member extends Program {
  readonly settings: MemberSettings;
  /** In good order. */
  stop(): Promise<void>;
  /** By force, if it still runs. */
  end(): Promise<void>;
  state(): Promise<BusState>;
  release(key: string): Promise<readonly Released[]>;
}

const program = fileURLToPath(new URL('./member/main.js', import.meta.url));

const ask = async <T>(url: string): Promise<T> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${url}: ${await response.text()}`);
  return (await response.json()) as T;
};

const urlIn = (said: string): string | undefined => /^ready at (\S+)$/mu.exec(said)?.[1];

/** `failpoint`: `<name>:<nth hit>:<kill | stop | throw>`, see the bus. */
export const startMember = async (settings: MemberSettings, failpoint = ''): Promise<Member> => {
  const environment = { [SETTINGS_VARIABLE]: JSON.stringify(settings), LINLI_FAILPOINT: failpoint };
  const running = await startProgram({ args: [program], environment, urlIn });
  const { pid, url, ended } = running;
  return {
    ...{ ...running, settings },
    async stop() {
      if (running.hasEnded()) return;
      running.kill('SIGCONT');
      running.kill('SIGTERM');
      if (await hasEnded(pid, 25_000)) return;
      running.kill('SIGKILL');
      throw new Error(`${settings.service} did not stop:\n${running.output()}`);
    },
    async end() {
      if (running.hasEnded()) return;
      running.kill('SIGKILL');
      await ended;
    },
    state: () => ask(`${url}/state`),
    release: (key) => ask(`${url}/release?key=${key}`),
  };
};

/** All that it told is stamped and in the log. */
export const untilPublished = (teller: Pick<Member, 'state'>): Promise<unknown> =>
  eventually(
    async () => {
      const { unstamped, unpublished } = await teller.state();
      return unstamped + unpublished === 0;
    },
    { withinMs: 60_000, what: 'all facts published' },
  );

/** How a member ended, or that it did not. */
export const endOf = ({ ended }: Pick<Member, 'ended'>, withinMs: number): Promise<string> =>
  Promise.race([ended, pause(withinMs, 'not at all', { ref: false })]);
