import { endProcess } from '@linli/store';
import type { LinliProgram } from '@linli/testing';
import { rmSync, writeFileSync } from 'node:fs';
import { startLinli } from './program.js';
import { mustCome, Void } from '../void.js';

export interface MemberSettings {
  readonly name: string;
  /** Its own log, and the file by which a failpoint of it is armed, lie in this folder. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

const STOP = [
  { signal: 'SIGTERM', graceMs: 30_000 },
  { signal: 'SIGKILL', graceMs: 5_000 },
] as const;

/** One process of the system under test: starts, dies, freezes and comes back, always at the same place. */
export class Member {
  kills = 0;
  private running: LinliProgram | null = null;
  private armings = 0;

  constructor(private readonly settings: MemberSettings) {}

  get name(): string {
    return this.settings.name;
  }

  /** Where it listens publicly, or would if it ran. */
  get url(): string {
    return `http://127.0.0.1:${this.settings.environment['LINLI_PORT'] ?? ''}`;
  }

  /** Where a service that runs alone answers `/metrics`. */
  get serviceUrl(): string {
    return `http://127.0.0.1:${this.settings.environment['LINLI_SERVICE_PORT'] ?? ''}`;
  }

  get pid(): number {
    if (!this.running) throw new Error(`${this.name} does not run`);
    return this.running.pid;
  }

  async start(): Promise<void> {
    const { environment, folder, name } = this.settings;
    const armed = { LINLI_FAILPOINT: `@${this.armFile}` };
    this.running = await startLinli({ ...environment, ...armed }, `${folder}/${name}.log`);
  }

  /** `<failpoint>:<nth hit>:<effect>`, for the process that runs now. */
  arm(failpoint: string): void {
    this.armings += 1;
    // Numbered: hits are counted anew for each text, and the same text may come again before a step is passed without it.
    writeFileSync(this.armFile, `${failpoint},arming:${this.armings}`);
  }

  disarm(): void {
    rmSync(this.armFile, { force: true });
  }

  /** kill -9; resolves when the kernel says so. */
  async kill(): Promise<void> {
    process.kill(this.pid, 'SIGKILL');
    await this.killed('kill -9');
  }

  /** Waits for a death by SIGKILL that something else brings about. Without one the run proves nothing. */
  async killed(by: string, withinMs = 30_000): Promise<void> {
    const how = await mustCome(withinMs, this.running?.ended, `${this.name} killed by ${by}`);
    if (how !== 'signal SIGKILL') throw new Void(`${this.name} ended by ${how}, not by ${by}`);
    this.running = null;
    this.kills += 1;
    this.disarm();
  }

  freeze(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  thaw(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  async stop(): Promise<void> {
    this.disarm();
    const { running } = this;
    this.running = null;
    if (running) await endProcess(running.pid, STOP);
  }

  private get armFile(): string {
    return `${this.settings.folder}/${this.name}.failpoint`;
  }
}
