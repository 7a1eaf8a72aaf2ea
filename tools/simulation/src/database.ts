import { MemoryTables, type MemoryTransaction } from '@linli/bus';
import { Locks } from './locks.js';
import type { Machine } from './machine.js';
import type { World } from './world.js';

const IDLE_IN_TRANSACTION_MS = 1_500;

/** As pg says that its connection is gone. */
export const connectionLost = (): Error =>
  Object.assign(new Error('Connection terminated unexpectedly'), { code: '57P01' });

/** One connection with its transaction: read committed, as in production. */
export class Session {
  over = false;
  busy = false;
  statements = 0;

  constructor(
    readonly tx: MemoryTransaction,
    readonly machine: Machine,
  ) {}
}

/** One service's database. It never fails itself; the way to it does. */
export class SimDatabase {
  readonly tables = new MemoryTables();
  everParked = false;
  private readonly locks: Locks<Session>;
  private readonly open = new Map<Machine, Set<Session>>();

  constructor(private readonly world: World) {
    this.locks = new Locks(world);
  }

  begin(machine: Machine): Session {
    const session = new Session(this.tables.reader(), machine);
    this.sessionsOf(machine).add(session);
    if (machine.state === 'dead') this.hangUp(session);
    if (machine.state === 'frozen') this.endWhenIdle(session);
    return session;
  }

  /** Runs a statement of a transaction, once the rows that it changes are free. */
  async execute<T>(
    session: Session,
    rows: readonly string[],
    run: (tx: MemoryTransaction) => Promise<T>,
  ): Promise<T> {
    if (session.over) throw connectionLost();
    session.busy = true;
    try {
      for (const row of rows) await this.locks.take(row, session);
      if (session.over) {
        this.locks.release(session);
        throw connectionLost();
      }
      return await run(session.tx);
    } finally {
      session.busy = false;
      session.statements += 1;
    }
  }

  /** Those of the rows that the session holds now. */
  lockFree(session: Session, rows: readonly string[]): string[] {
    return rows.filter((row) => this.locks.takeFree(row, session));
  }

  async commit(session: Session): Promise<void> {
    if (session.over) throw connectionLost();
    session.tx.commit();
    this.end(session);
  }

  rollback(session: Session): void {
    if (!session.over) this.end(session);
  }

  private end(session: Session): void {
    session.over = true;
    this.open.get(session.machine)?.delete(session);
    this.locks.release(session);
  }

  private sessionsOf(machine: Machine): Set<Session> {
    const known = this.open.get(machine);
    if (known) return known;
    const sessions = new Set<Session>();
    this.open.set(machine, sessions);
    machine.watch((how) => {
      for (const session of sessions) {
        if (how === 'froze') this.endWhenIdle(session);
        else this.hangUp(session);
      }
    });
    return sessions;
  }

  /** The server hears of a death when the connection breaks; what is on its way then still arrives. */
  private hangUp(session: Session): void {
    this.world.faults.follows('crash in a transaction');
    this.world.after(this.world.chance.between(0, 100), () => this.rollback(session));
  }

  private endWhenIdle(session: Session): void {
    const { statements } = session;
    this.world.after(IDLE_IN_TRANSACTION_MS, () => {
      if (session.over) return;
      if (session.busy || session.statements !== statements) {
        if (session.machine.state === 'frozen') this.endWhenIdle(session);
        return;
      }
      this.world.faults.follows('idle transaction ended');
      this.rollback(session);
    });
  }
}
