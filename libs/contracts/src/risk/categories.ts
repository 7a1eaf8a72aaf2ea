import type { Colour } from './warning.js';

/** One of the 98 categories of risk (domain notes 3.2). Codes never change meaning; new ones append numbers. */
export interface RiskCategory {
  readonly code: string;
  readonly slug: string;
  readonly name: string;
  readonly group: RiskGroup;
  /** Default severity weight w, 1 to 5. */
  readonly weight: number;
  /** False: a new-type (non-traditional) risk; always shown apart. */
  readonly traditional: boolean;
  /** Lowest colour for one confirmed signal. */
  readonly floor: Colour | null;
  /** Class by 突发事件应对法: ND nature, AD accident, PH public health, SS social security. */
  readonly emergencyClass: 'ND' | 'AD' | 'PH' | 'SS' | null;
  readonly lead: string;
  /** Signals usually hold sensitive personal information. */
  readonly sensitive: boolean;
}

/** Groups with their decay τ in days: 7 disputes, 3 fraud, security and fire, 1 lifelines and nature (domain notes 3.4);
 *  groups the notes do not name follow the nearest of those (docs/decisions/0006). */
export const riskGroups = {
  DSP: { name: '矛盾纠纷', decayDays: 7 },
  MAS: { name: '群体与信访稳定', decayDays: 7 },
  SEC: { name: '社会治安', decayDays: 3 },
  FRD: { name: '新型网络诈骗与涉众金融', decayDays: 3 },
  FIR: { name: '消防与居家安全', decayDays: 3 },
  INF: { name: '房屋建筑与城市生命线', decayDays: 1 },
  PRD: { name: '生产交通与人员密集安全', decayDays: 3 },
  NAT: { name: '自然灾害', decayDays: 1 },
  HLT: { name: '公共卫生与食品药品', decayDays: 3 },
  VUL: { name: '特殊群体与民生兜底', decayDays: 3 },
  DIG: { name: '网络舆情数据与新领域', decayDays: 3 },
  ENV: { name: '城市秩序与生态环境', decayDays: 7 },
} as const;
export type RiskGroup = keyof typeof riskGroups;

/** Version of this table; stored with every decision that used it. */
export const CATALOGUE_VERSION = '2026-01';

const category = (
  [code, slug, name]: [string, string, string],
  [weight, kind, floor]: [number, 'T' | 'N', Colour | null],
  [emergencyClass, lead, sensitive]: [RiskCategory['emergencyClass'], string, boolean?],
): RiskCategory => ({
  code,
  slug,
  name,
  group: code.slice(0, 3) as RiskGroup,
  weight,
  traditional: kind === 'T',
  floor,
  emergencyClass,
  lead,
  sensitive: sensitive ?? false,
});

/** The same rows as `data/risk_catalogue.csv`, in its order; a spec holds the two together. */
export const riskCategories: readonly RiskCategory[] = [
  category(['DSP-01', 'dsp.marriage_family', '婚姻家庭继承纠纷'], [2, 'T', null], [null, '司法/妇联', true]),
  category(['DSP-02', 'dsp.domestic_violence', '家庭暴力'], [5, 'T', 'orange'], [null, '公安/妇联', true]),
  category(['DSP-03', 'dsp.neighbor', '邻里纠纷(漏水/噪声/相邻权)'], [2, 'T', null], [null, '司法']),
  category(['DSP-04', 'dsp.property_service', '物业服务与收费纠纷'], [3, 'T', null], [null, '住建']),
  category(
    ['DSP-05', 'dsp.property_withdrawal', '物业撤场与交接失序'],
    [4, 'T', 'orange'],
    ['SS', '住建/街道'],
  ),
  category(
    ['DSP-06', 'dsp.owners_committee', '业委会选举与公共收益维修资金纠纷'],
    [3, 'T', null],
    [null, '住建/街道'],
  ),
  category(['DSP-07', 'dsp.housing_lease', '房屋租赁与群租纠纷'], [2, 'T', null], [null, '住建/公安']),
  category(['DSP-08', 'dsp.labor_wage', '劳动争议与欠薪'], [3, 'T', null], [null, '人社']),
  category(['DSP-09', 'dsp.medical', '医患纠纷'], [3, 'T', 'yellow'], [null, '卫健/司法', true]),
  category(
    ['DSP-10', 'dsp.land_demolition', '征地拆迁与安置补偿纠纷'],
    [4, 'T', 'yellow'],
    ['SS', '自然资源/住建'],
  ),
  category(['DSP-11', 'dsp.debt_contract', '借贷合同与损害赔偿纠纷'], [2, 'T', null], [null, '司法']),
  category(['MAS-01', 'mas.group_petition', '集体访苗头'], [4, 'T', 'orange'], ['SS', '信访/政法委']),
  category(['MAS-02', 'mas.repeat_petition', '重复信访与积案'], [3, 'T', 'yellow'], ['SS', '信访']),
  category(
    ['MAS-03', 'mas.skip_level_petition', '越级走访与非接待场所走访倾向'],
    [4, 'T', 'orange'],
    ['SS', '信访/公安', true],
  ),
  category(['MAS-04', 'mas.wage_group', '群体性讨薪'], [5, 'T', 'orange'], ['SS', '人社/公安']),
  category(['MAS-05', 'mas.unfinished_housing', '楼盘逾期交付与办证难'], [4, 'T', 'yellow'], ['SS', '住建']),
  category(
    ['MAS-06', 'mas.prepaid_runaway', '预付式消费跑路涉众维权'],
    [3, 'N', 'yellow'],
    ['SS', '市场监管/商务'],
  ),
  category(['MAS-07', 'mas.nimby_project', '邻避项目抵触'], [4, 'T', 'yellow'], ['SS', '生态环境/住建']),
  category(
    ['MAS-08', 'mas.policy_group', '政策性群体诉求'],
    [4, 'T', 'yellow'],
    ['SS', '行业主管/信访', true],
  ),
  category(['SEC-01', 'sec.theft', '盗窃多发'], [2, 'T', null], ['SS', '公安']),
  category(['SEC-02', 'sec.brawl', '打架斗殴与寻衅滋事'], [3, 'T', null], ['SS', '公安']),
  category(
    ['SEC-03', 'sec.extreme_individual', '个人极端行为苗头'],
    [5, 'T', 'red'],
    ['SS', '公安/政法委', true],
  ),
  category(['SEC-04', 'sec.drug', '涉毒风险'], [4, 'T', 'yellow'], ['SS', '公安/禁毒办', true]),
  category(['SEC-05', 'sec.gambling_vice', '涉黄涉赌'], [3, 'T', null], ['SS', '公安']),
  category(
    ['SEC-06', 'sec.juvenile', '校园欺凌与未成年人不良行为'],
    [4, 'T', 'yellow'],
    ['SS', '教育/公安', true],
  ),
  category(['SEC-07', 'sec.rental_population', '出租房与流动人口管理隐患'], [2, 'T', null], ['SS', '公安']),
  category(
    ['SEC-08', 'sec.correction_aid', '社区矫正与安置帮教脱管'],
    [4, 'T', 'yellow'],
    ['SS', '司法', true],
  ),
  category(['FRD-01', 'frd.order_rebate', '刷单返利诈骗'], [4, 'N', 'yellow'], ['SS', '公安(反诈)']),
  category(
    ['FRD-02', 'frd.fake_investment', '虚假网络投资理财诈骗'],
    [5, 'N', 'orange'],
    ['SS', '公安(反诈)'],
  ),
  category(['FRD-03', 'frd.fake_shopping', '虚假购物服务诈骗'], [3, 'N', 'yellow'], ['SS', '公安(反诈)']),
  category(
    ['FRD-04', 'frd.fake_courier_service', '冒充电商物流客服诈骗'],
    [3, 'N', 'yellow'],
    ['SS', '公安(反诈)'],
  ),
  category(['FRD-05', 'frd.fake_loan', '虚假贷款诈骗'], [3, 'N', 'yellow'], ['SS', '公安(反诈)']),
  category(['FRD-06', 'frd.fake_credit', '虚假征信诈骗'], [3, 'N', 'yellow'], ['SS', '公安(反诈)']),
  category(
    ['FRD-07', 'frd.impersonate_boss_friend', '冒充领导熟人诈骗'],
    [4, 'N', 'yellow'],
    ['SS', '公安(反诈)'],
  ),
  category(
    ['FRD-08', 'frd.impersonate_authority', '冒充公检法及政府机关诈骗'],
    [5, 'N', 'orange'],
    ['SS', '公安(反诈)'],
  ),
  category(['FRD-09', 'frd.romance', '网络婚恋交友诈骗'], [4, 'N', 'yellow'], ['SS', '公安(反诈)', true]),
  category(['FRD-10', 'frd.game_trade', '网络游戏产品虚假交易诈骗'], [2, 'N', null], ['SS', '公安(反诈)']),
  category(['FRD-11', 'frd.ai_deepfake', 'AI换脸拟声诈骗'], [5, 'N', 'orange'], ['SS', '公安(反诈)/网信']),
  category(['FRD-12', 'frd.elderly_scam', '养老保健与以房养老诈骗'], [4, 'N', 'yellow'], ['SS', '公安/民政']),
  category(
    ['FRD-13', 'frd.illegal_fundraising', '非法集资与传销'],
    [5, 'N', 'orange'],
    ['SS', '金融监管/公安'],
  ),
  category(
    ['FRD-14', 'frd.mule_account', '出租出借两卡与跑分洗钱'],
    [4, 'N', 'yellow'],
    ['SS', '公安/人民银行'],
  ),
  category(
    ['FIR-01', 'fir.ebike_charging', '电动自行车违规停放充电'],
    [4, 'T', 'yellow'],
    ['AD', '消防/街道'],
  ),
  category(['FIR-02', 'fir.blocked_fire_lane', '消防车通道疏散通道堵塞'], [3, 'T', 'yellow'], ['AD', '消防']),
  category(
    ['FIR-03', 'fir.fire_facility_fault', '消防设施损坏停用'],
    [3, 'T', 'yellow'],
    ['AD', '消防/住建'],
  ),
  category(['FIR-04', 'fir.high_rise_fire', '高层建筑火灾隐患'], [4, 'T', 'yellow'], ['AD', '消防']),
  category(
    ['FIR-05', 'fir.mixed_use_premises', '三合一多合一场所住人'],
    [4, 'T', 'orange'],
    ['AD', '消防/应急'],
  ),
  category(
    ['FIR-06', 'fir.household_gas_electric', '居民用气用电隐患'],
    [4, 'T', 'yellow'],
    ['AD', '住建/应急'],
  ),
  category(['FIR-07', 'fir.hot_work', '违规动火与易燃装修材料'], [4, 'T', 'yellow'], ['AD', '应急/住建']),
  category(['INF-01', 'inf.gas_pipeline', '燃气管网泄漏'], [5, 'T', 'red'], ['AD', '住建/燃气公司']),
  category(['INF-02', 'inf.water_supply', '供水爆管与停水'], [3, 'T', 'yellow'], ['AD', '水务']),
  category(['INF-03', 'inf.power_outage', '停电与电力设施故障'], [3, 'T', 'yellow'], ['AD', '供电']),
  category(['INF-04', 'inf.heating_failure', '供热故障'], [3, 'T', 'yellow'], ['AD', '住建/供热']),
  category(['INF-05', 'inf.elevator', '电梯故障与困人'], [4, 'T', 'orange'], ['AD', '市场监管']),
  category(
    ['INF-06', 'inf.building_structure', '房屋结构安全与自建房隐患'],
    [5, 'T', 'orange'],
    ['AD', '住建'],
  ),
  category(['INF-07', 'inf.facade_falling', '外墙脱落与高空坠物'], [4, 'T', 'yellow'], ['AD', '住建/公安']),
  category(['INF-08', 'inf.road_collapse', '地面塌陷与井盖缺失'], [4, 'T', 'orange'], ['AD', '住建/城管']),
  category(
    ['INF-09', 'inf.illegal_construction', '违法建设与拆改承重结构'],
    [4, 'T', 'yellow'],
    ['AD', '城管/住建'],
  ),
  category(['PRD-01', 'prd.hazardous_chemicals', '危险化学品储存使用'], [5, 'T', 'orange'], ['AD', '应急']),
  category(['PRD-02', 'prd.small_workshop', '小作坊小微企业安全'], [3, 'T', null], ['AD', '应急']),
  category(['PRD-03', 'prd.construction_site', '施工现场安全'], [3, 'T', 'yellow'], ['AD', '住建']),
  category(['PRD-04', 'prd.confined_space', '有限空间作业'], [5, 'T', 'orange'], ['AD', '应急/住建']),
  category(
    ['PRD-05', 'prd.crowded_venue', '人员密集场所与大型活动踩踏'],
    [4, 'T', 'yellow'],
    ['AD', '公安/文旅'],
  ),
  category(['PRD-06', 'prd.traffic_safety', '道路交通安全隐患'], [3, 'T', null], ['AD', '公安交管']),
  category(['NAT-01', 'nat.rainstorm_waterlogging', '暴雨内涝'], [5, 'T', 'yellow'], ['ND', '应急/水务']),
  category(['NAT-02', 'nat.typhoon', '台风'], [5, 'T', 'yellow'], ['ND', '应急/气象']),
  category(
    ['NAT-03', 'nat.geological', '地质灾害(滑坡/塌方/泥石流)'],
    [5, 'T', 'orange'],
    ['ND', '自然资源'],
  ),
  category(['NAT-04', 'nat.heat_wave', '高温热浪'], [3, 'T', 'yellow'], ['ND', '气象/卫健']),
  category(['NAT-05', 'nat.cold_freeze', '低温雨雪冰冻'], [3, 'T', 'yellow'], ['ND', '应急/气象']),
  category(
    ['NAT-06', 'nat.severe_convection', '大风雷电冰雹强对流'],
    [3, 'T', 'yellow'],
    ['ND', '应急/气象'],
  ),
  category(['NAT-07', 'nat.earthquake', '地震'], [5, 'T', 'red'], ['ND', '地震/应急']),
  category(
    ['HLT-01', 'hlt.infectious_cluster', '传染病聚集性疫情'],
    [5, 'T', 'orange'],
    ['PH', '疾控/卫健', true],
  ),
  category(['HLT-02', 'hlt.foodborne', '食品安全与食源性疾病'], [4, 'T', 'yellow'], ['PH', '市场监管/疾控']),
  category(['HLT-03', 'hlt.vector_borne', '病媒传播与虫鼠害'], [3, 'T', 'yellow'], ['PH', '疾控/爱卫办']),
  category(['HLT-04', 'hlt.dog_animal', '犬只伤人与动物疫病'], [3, 'T', null], ['PH', '公安/农业农村']),
  category(['HLT-05', 'hlt.drinking_water', '二次供水与饮用水污染'], [5, 'T', 'orange'], ['PH', '卫健/水务']),
  category(['HLT-06', 'hlt.drug_device', '药品与医疗器械安全'], [3, 'T', null], ['PH', '市场监管']),
  category(['HLT-07', 'hlt.illegal_medical', '非法行医与医美'], [3, 'T', null], ['PH', '卫健']),
  category(
    ['VUL-01', 'vul.elderly_alone', '独居空巢老人失联或意外'],
    [4, 'T', 'orange'],
    [null, '民政/街道', true],
  ),
  category(['VUL-02', 'vul.dementia_missing', '失智老人走失'], [5, 'T', 'red'], [null, '公安/民政', true]),
  category(
    ['VUL-03', 'vul.children_in_distress', '困境与留守儿童监护缺失'],
    [4, 'T', 'orange'],
    [null, '民政/妇联', true],
  ),
  category(
    ['VUL-04', 'vul.severe_mental', '严重精神障碍患者管护风险'],
    [5, 'T', 'orange'],
    [null, '卫健/公安', true],
  ),
  category(
    ['VUL-05', 'vul.suicide_crisis', '心理危机与自杀风险'],
    [5, 'T', 'red'],
    [null, '卫健/公安', true],
  ),
  category(
    ['VUL-06', 'vul.disability_care', '残疾人照护中断'],
    [3, 'T', 'yellow'],
    [null, '残联/民政', true],
  ),
  category(['VUL-07', 'vul.sudden_hardship', '突发困难与致贫返贫'], [3, 'T', 'yellow'], [null, '民政', true]),
  category(['VUL-08', 'vul.drowning', '未成年人溺水与涉水安全'], [4, 'T', 'yellow'], ['AD', '教育/水务']),
  category(
    ['VUL-09', 'vul.new_employment', '新就业群体权益与居住困难'],
    [2, 'N', null],
    [null, '人社/社会工作部'],
  ),
  category(['DIG-01', 'dig.public_opinion', '涉社区网络舆情'], [3, 'N', 'yellow'], ['SS', '网信/宣传']),
  category(['DIG-02', 'dig.rumor', '网络谣言'], [3, 'N', 'yellow'], ['SS', '网信/公安']),
  category(['DIG-03', 'dig.data_leak', '居民个人信息泄露'], [4, 'N', 'orange'], ['SS', '网信/公安', true]),
  category(
    ['DIG-04', 'dig.cyber_attack', '信息系统与物联设备遭攻击'],
    [4, 'N', 'orange'],
    ['SS', '公安网安'],
  ),
  category(['DIG-05', 'dig.cyberbullying', '网络暴力'], [3, 'N', 'yellow'], ['SS', '网信/公安', true]),
  category(['DIG-06', 'dig.drone', '低空无人机扰航与偷拍'], [3, 'N', null], ['SS', '公安']),
  category(['ENV-01', 'env.noise', '噪声扰民'], [2, 'T', null], [null, '生态环境/公安']),
  category(['ENV-02', 'env.air_odor', '油烟异味与扬尘'], [2, 'T', null], [null, '生态环境/城管']),
  category(['ENV-03', 'env.waste_dumping', '垃圾渣土偷倒与清运中断'], [2, 'T', null], [null, '城管']),
  category(
    ['ENV-04', 'env.water_pollution', '河道污染与污水外溢'],
    [3, 'T', 'yellow'],
    ['AD', '生态环境/水务'],
  ),
  category(['ENV-05', 'env.street_order', '占道经营与停车秩序冲突'], [2, 'T', null], [null, '城管/交管']),
  category(
    ['ENV-06', 'env.hazardous_waste', '危险废物与医疗废物流失'],
    [5, 'T', 'orange'],
    ['AD', '生态环境/卫健'],
  ),
];

const byName = new Map(riskCategories.flatMap((c) => [[c.code, c] as const, [c.slug, c] as const]));

/** The category of a code or a slug; undefined when there is none. */
export const findCategory = (codeOrSlug: string): RiskCategory | undefined => byName.get(codeOrSlug);
