import { endProcess, hasEnded } from '@linli/store';
import { startProgram, type Program } from '@linli/testing';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isFrozen } from '../fleet/state-of.js';
import { mustCome, untilHappened, Void } from '../void.js';
import {
  SETTINGS_VARIABLE,
  SHIFT_VARIABLE,
  type MemberSettings,
  type MemberState,
} from './member/settings.js';
import type { Point } from './member/strike.js';

const fileOf = (name: string): string => fileURLToPath(new URL(`./member/${name}.js`, import.meta.url));
const shifted = new URL('./member/shifted-date.js', import.meta.url).href;

export interface MemberPlan {
  readonly settings: MemberSettings;
  /** By how much its clock is wrong, milliseconds. */
  readonly shiftMs: number;
}

/** A process with deadlines, which is frozen, killed, and started again as it was. */
export class Member {
  kills = 0;
  private running: Program | null = null;

  constructor(private readonly plan: MemberPlan) {}

  get pid(): number {
    if (!this.running) throw new Error('the member does not run');
    return this.running.pid;
  }

  async start(): Promise<void> {
    const { settings, shiftMs } = this.plan;
    this.running = await startProgram({
      args: ['--import', shifted, fileOf('main')],
      environment: {
        [SETTINGS_VARIABLE]: JSON.stringify(settings),
        [SHIFT_VARIABLE]: String(shiftMs),
        NODE_NO_WARNINGS: '1',
      },
      urlIn: (said) => /^ready at (\S+)$/mu.exec(said)?.[1],
    });
  }

  async state(): Promise<MemberState> {
    const response = await fetch(this.running?.url ?? '', { signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(`a member answers ${await response.text()}`);
    return (await response.json()) as MemberState;
  }

  /** What it has complained of. */
  said(): string {
    return this.running?.output() ?? '';
  }

  freeze(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  thaw(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  /** Has it stop itself at the next pass of this point, and waits for that. */
  async strike(point: Point, withinMs = 15_000): Promise<void> {
    writeFileSync(this.plan.settings.strikeFile, point);
    await untilHappened(`a process frozen ${point}`, () => isFrozen(this.pid), withinMs);
    if (existsSync(this.plan.settings.strikeFile)) throw new Void(`frozen, but not ${point}`);
  }

  /** kill -9; resolves when the kernel says so. */
  async kill(): Promise<void> {
    process.kill(this.pid, 'SIGKILL');
    const how = await mustCome(10_000, this.running?.ended, 'a process killed');
    if (how !== 'signal SIGKILL') throw new Void(`a process ended by ${how}`);
    this.running = null;
    this.kills += 1;
  }

  async stop(): Promise<void> {
    const { running } = this;
    this.running = null;
    rmSync(this.plan.settings.strikeFile, { force: true });
    if (!running || (await hasEnded(running.pid, 0))) return;
    running.kill('SIGCONT');
    await endProcess(running.pid, [
      { signal: 'SIGTERM', graceMs: 25_000 },
      { signal: 'SIGKILL', graceMs: 5_000 },
    ]);
  }
}
