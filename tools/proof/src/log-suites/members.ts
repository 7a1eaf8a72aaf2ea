import { hasEnded, spawnService, type Service } from '@linli/store';
import type { BusState, Released } from '@linli/bus';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SETTINGS_VARIABLE, type MemberSettings } from './member/settings.js';

/** A member that runs as a process of its own, to be hurt. */
export interface Member {
  readonly settings: MemberSettings;
  readonly pid: number;
  readonly url: string;
  kill(signal: NodeJS.Signals): void;
  /** How it ended, in words; `signal SIGKILL`. */
  readonly ended: Promise<string>;
  hasEnded(): boolean;
  /** In good order. */
  stop(): Promise<void>;
  /** By force, if it still runs. */
  end(): Promise<void>;
  state(): Promise<BusState>;
  release(key: string): Promise<readonly Released[]>;
  output(): string;
}

const program = fileURLToPath(new URL('./member/main.js', import.meta.url));
const READY_WITHIN_MS = 60_000;

const ask = async <T>(url: string): Promise<T> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${url}: ${await response.text()}`);
  return (await response.json()) as T;
};

/** Collects what a process says, and finds the line with which it reports ready. */
const listenTo = ({ child, exited }: Service): { text: () => string; url: Promise<string> } => {
  let text = '';
  const url = new Promise<string>((resolve, reject) => {
    const giveUp = setTimeout(() => reject(new Error(`not ready in time:\n${text}`)), READY_WITHIN_MS);
    giveUp.unref();
    const hear = (part: string): void => {
      text = (text + part).slice(-100_000);
      const found = /^ready at (\S+)$/mu.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout?.setEncoding('utf8').on('data', hear);
    child.stderr?.setEncoding('utf8').on('data', hear);
    const fail = (how: string): void => reject(new Error(`ended before it was ready, ${how}:\n${text}`));
    void exited.then(fail);
  });
  return { text: () => text, url };
};

/** `failpoint`: `<name>:<nth hit>:<kill | stop | throw>`, see the bus. */
export const startMember = async (settings: MemberSettings, failpoint = ''): Promise<Member> => {
  const env = {
    PATH: process.env['PATH'] ?? '',
    [SETTINGS_VARIABLE]: JSON.stringify(settings),
    LINLI_FAILPOINT: failpoint,
  };
  const service = await spawnService(process.execPath, [program], {
    ...{ stdio: ['ignore', 'pipe', 'pipe'], env, lastSignal: 'KILL' },
  });
  const { pid, exited } = service;
  let over = false;
  void exited.then(() => (over = true));
  const said = listenTo(service);
  const url = await said.url;
  const kill = (signal: NodeJS.Signals): void => void process.kill(pid, signal);
  return {
    ...{ settings, pid, url, kill, ended: exited, output: said.text },
    hasEnded: () => over,
    async stop() {
      if (over) return;
      kill('SIGCONT');
      kill('SIGTERM');
      if (await hasEnded(pid, 25_000)) return;
      kill('SIGKILL');
      throw new Error(`${settings.service} did not stop:\n${said.text()}`);
    },
    async end() {
      if (over) return;
      kill('SIGKILL');
      await exited;
    },
    state: () => ask(`${url}/state`),
    release: (key) => ask(`${url}/release?key=${key}`),
  };
};

/** How a member ended, or that it did not. */
export const endOf = ({ ended }: Pick<Member, 'ended'>, withinMs: number): Promise<string> =>
  Promise.race([ended, pause(withinMs, 'not at all', { ref: false })]);
