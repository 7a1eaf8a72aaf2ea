import { WarningExplanation, levelOf, type Warning } from '@linli/contracts';
import { shanghaiTime, systemClock } from '@linli/kernel';
import { readCasework } from '../casework/casework.js';
import { readDistrict, type Cell } from '../casework/district.js';
import { localMinute } from '../casework/local-time.js';
import { counterparts, readMapping } from '../casework/mapping.js';
import { riskEvents } from '../casework/risk-event-of.js';
import { closing } from '../print/closing.js';
import { explanationLines, isCarriedByNow, type Explanation } from '../print/explanation.js';
import { progressLine, warningLines, whereabouts, type Whereabouts } from '../print/lines.js';
import type { Paint } from '../print/palette.js';
import { colourTable, reconciliationLines } from '../print/totals.js';
import { DutyRoom, type Change } from './duty-room.js';
import { gasDrill } from './imperfections.js';
import { addsUp, reconcile, type Held, type Sent } from './reconciliation.js';
import { replay } from './replay.js';
import { seed, type Cast } from './seed.js';
import type { Stage } from './stage.js';
import { UrbanBrain } from './urban-brain.js';

export interface StoryResult {
  readonly sent: Sent;
  readonly held: Held;
  readonly warnings: readonly Warning[];
  /** True if all numbers add up. */
  readonly right: boolean;
}

const PROGRESS_EVERY = 12;

/** Everything that the acts of the story share. */
interface Scene {
  readonly stage: Stage;
  readonly cells: readonly Cell[];
  readonly cast: Cast;
  readonly brain: UrbanBrain;
  readonly dutyRoom: DutyRoom;
  readonly where: Whereabouts;
  readonly paint: Paint;
  out(line: string): void;
}

const say = ({ out }: Pick<Scene, 'out'>, lines: readonly string[]): void => {
  for (const line of lines) out(line);
};

const setScene = async (stage: Stage, { out, paint, quietMs }: Telling): Promise<Scene> => {
  const cells = readDistrict();
  const { admin } = stage;
  await new UrbanBrain(admin).checkFresh();
  const cast = await seed(admin, cells);
  const officers = new Map([...cast.officerKeys].map(([street, key]) => [street, admin.as(key)]));
  const dutyRoom = new DutyRoom(admin.as(cast.dutyKey), officers, quietMs);
  return {
    stage,
    cells,
    cast,
    brain: new UrbanBrain(admin.as(cast.brainKey)),
    dutyRoom,
    where: whereabouts(cells),
    paint,
    out,
  };
};

const tellChanges = (scene: Scene, changes: readonly Change[]): void => {
  for (const change of changes) say(scene, warningLines(change, scene.where, scene.paint));
};

const play = async (scene: Scene): Promise<void> => {
  const startedAt = performance.now();
  await replay({
    ...scene.stage,
    ...scene,
    matters: readCasework(),
    toEvent: riskEvents(scene.cells, counterparts(readMapping()), scene.stage.shiftDays),
    onDay: (day, dayOfStory, changes) => {
      tellChanges(scene, changes);
      const perSecond = scene.brain.sent.sent / ((performance.now() - startedAt) / 1000);
      if (dayOfStory % PROGRESS_EVERY === 0)
        scene.out(progressLine(day, scene.brain.sent.sent, perSecond, scene.paint));
    },
  });
  await scene.dutyRoom.lastRounds((changes) => tellChanges(scene, changes));
};

const LOOKED_AT = 12;

/** The strongest warning whose colour today's numbers still carry: the one that explains best what a colour means. */
const mostTelling = async ({ stage, cast, dutyRoom }: Scene): Promise<Explanation | null> => {
  const strongestFirst = dutyRoom.warnings.toSorted(
    (a, b) => levelOf(b.colour) - levelOf(a.colour) || b.score - a.score,
  );
  const duty = stage.admin.as(cast.dutyKey);
  let first: Explanation | null = null;
  for (const { id } of strongestFirst.slice(0, LOOKED_AT)) {
    const explained = await duty.get(`/v1/warnings/${id}/explanation`, WarningExplanation);
    if (isCarriedByNow(explained.colour, explained.warning)) return explained;
    first ??= explained;
  }
  return first;
};

/** If the casework raised no red, an exercise shows what red is: handled like a real one, and counted nowhere. */
const drill = async (scene: Scene): Promise<void> => {
  const [place] = scene.cells;
  if (!place || scene.dutyRoom.warnings.some(({ colour }) => colour === 'red')) return;
  say(scene, [
    '',
    'The casework raised no red warning. An exercise 演练, marked as one: a confirmed gas alarm.',
  ]);
  await scene.brain.send([gasDrill(place, shanghaiTime((scene.stage.clock ?? systemClock).now().getTime()))]);
  await scene.brain.settled();
  await scene.dutyRoom.lastRounds((changes) => tellChanges(scene, changes));
};

const sumUp = async (scene: Scene): Promise<StoryResult> => {
  const held = await scene.brain.settled();
  const { sent } = scene.brain;
  const { warnings } = scene.dutyRoom;
  const sums = reconcile(sent, held);
  say(scene, ['', ...colourTable(warnings, scene.paint), '', ...reconciliationLines(sums, scene.paint)]);
  return { sent, held, warnings, right: addsUp(sums) };
};

const invite = ({ stage, cast, cells, paint }: Scene, warning: Warning | undefined): string[] => {
  const now = (stage.clock ?? systemClock).now();
  const place = cells[0] && { area: cells[0].area, place: { grid: cells[0].grid } };
  const event = {
    id: 'try-1',
    source: 'urban-brain',
    category: 'ENV-01',
    ...place,
    occurredAt: shanghaiTime(now.getTime()),
  };
  const systemTime = stage.clock === null ? null : localMinute(now);
  const { dutyKey, brainKey } = cast;
  const more = { url: stage.admin.url, dutyKey, brainKey, warningId: warning?.id ?? null, event, systemTime };
  return ['', ...closing(more, paint)];
};

export interface Telling {
  readonly out: (line: string) => void;
  readonly paint: Paint;
  /** Nothing may change for so long before the story believes that everybody is done. */
  readonly quietMs: number;
  /** The system runs on after the story. */
  readonly runsOn: boolean;
}

/** The story itself: seed, replay, act, add up, explain. */
export const tellStory = async (stage: Stage, telling: Telling): Promise<StoryResult> => {
  const scene = await setScene(stage, telling);
  await play(scene);
  const chosen = await mostTelling(scene);
  await drill(scene);
  const result = await sumUp(scene);
  if (chosen) say(scene, ['', ...explanationLines(chosen, scene.where, scene.paint)]);
  if (telling.runsOn) say(scene, invite(scene, chosen?.warning));
  return result;
};
