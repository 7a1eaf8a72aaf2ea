import type { Colour } from './warning.js';

/** A named fact that sets a colour by itself, whatever the score (domain notes 3.5). */
export interface Trigger {
  readonly name: string;
  readonly colour: Colour;
  readonly zh: string;
  readonly meaning: string;
  /** Where the rule comes from. */
  readonly source: string;
}

const own = 'Linli domain notes 3.5 (proposal, configurable)';

export const riskTriggers: readonly Trigger[] = [
  {
    name: 'immediate_danger',
    colour: 'red',
    zh: '人员面临现实危险',
    meaning: 'A person is in immediate danger.',
    source: own,
  },
  {
    name: 'gas_alarm',
    colour: 'red',
    zh: '燃气报警确认',
    meaning: 'A gas alarm was confirmed.',
    source: own,
  },
  {
    name: 'dementia_missing',
    colour: 'red',
    zh: '失智人员走失',
    meaning: 'A person with dementia is missing.',
    source: own,
  },
  {
    name: 'armed_threat',
    colour: 'red',
    zh: '持械或有条件实施的暴力威胁',
    meaning: 'A threat of violence by someone who has the means.',
    source: own,
  },
  {
    name: 'gathering_30',
    colour: 'red',
    zh: '24小时内30人以上聚集',
    meaning: '30 or more people gather, or are announced within 24 hours.',
    source: own,
  },
  {
    name: 'official_red',
    colour: 'red',
    zh: '官方红色预警',
    meaning: 'An official red alert is in force.',
    source: '突发事件应对法 Art 63',
  },
  {
    name: 'police_calls_8',
    colour: 'red',
    zh: '8次警情且调解不成',
    meaning: '8 police calls and failed mediations in one dispute.',
    source: 'Yunhe county practice (chinadaily 2025-11-14)',
  },
  {
    name: 'gathering_5',
    colour: 'orange',
    zh: '5人以上聚集或拟集体访',
    meaning: '5 or more people gather or plan a joint visit.',
    source: own,
  },
  {
    name: 'property_leaving',
    colour: 'orange',
    zh: '物业30日内撤场且无接管',
    meaning: 'The property company leaves within 30 days and no successor is known.',
    source: own,
  },
  {
    name: 'wage_arrears_10',
    colour: 'orange',
    zh: '10人以上欠薪',
    meaning: 'Wage arrears of 10 or more workers.',
    source: '劳动争议调解仲裁法 Art 7',
  },
  {
    name: 'official_orange',
    colour: 'orange',
    zh: '官方橙色预警',
    meaning: 'An official orange alert is in force.',
    source: '突发事件应对法 Art 63',
  },
  {
    name: 'third_repeat_police',
    colour: 'orange',
    zh: '未化解纠纷三次重复并报警',
    meaning: 'Third repeat of an unsolved dispute, with a police call.',
    source: own,
  },
  {
    name: 'official_yellow',
    colour: 'yellow',
    zh: '官方黄色预警',
    meaning: 'An official yellow alert is in force.',
    source: '突发事件应对法 Art 63',
  },
  {
    name: 'second_repeat',
    colour: 'yellow',
    zh: '30日内二次重复',
    meaning: 'Second repeat within 30 days.',
    source: own,
  },
  { name: 'mediation_failed', colour: 'yellow', zh: '调解不成', meaning: 'A mediation failed.', source: own },
];
