import { findCategory, levelOf, riskTriggers } from '@linli/contracts';
import { allOf } from '@linli/kernel';
import type { Transaction } from '@linli/store';
import type { Level } from '../domain/colour.js';
import { parameters202601, ruleFor, type Parameters, type Rule } from '../domain/parameters.js';
import { register, type ParametersOfTenant, type PeriodOfTenant } from '../store/register.js';

const triggerLevels: ReadonlyMap<string, Level> = new Map(
  riskTriggers.map(({ name, colour }) => [name, levelOf(colour)] as const),
);

const ruleOfCategory = (parameters: Parameters, code: string): Rule => {
  const category = findCategory(code);
  if (!category) throw new Error(`category ${code} is not in the catalogue`);
  return ruleFor(parameters, { ...category, floor: levelOf(category.floor) }, triggerLevels);
};

interface OfPlace {
  readonly tenant: string;
  readonly category: string;
}

/** The rules of some tenants: which set of parameters holds when, and their sensitive periods. */
export class RuleBook {
  readonly #rules = new Map<Parameters, Map<string, Rule>>();
  readonly #inForce = new Map<string, Parameters>();

  constructor(
    private readonly sets: readonly ParametersOfTenant[],
    private readonly periods: readonly PeriodOfTenant[],
    private readonly now: number,
  ) {}

  /** The set in force now: the one with the latest `validFrom` that has begun, else the default. */
  parametersOf(tenant: string): Parameters {
    const known = this.#inForce.get(tenant);
    if (known) return known;
    const begun = this.sets.filter((set) => set.tenant === tenant && set.validFrom <= this.now);
    const found = begun.toSorted((a, b) => b.validFrom - a.validFrom)[0]?.parameters ?? parameters202601;
    this.#inForce.set(tenant, found);
    return found;
  }

  ruleOf({ tenant, category }: OfPlace): Rule {
    return this.#rule(category, this.parametersOf(tenant));
  }

  /** The rule of an earlier assessment. */
  ruleAs({ tenant, category }: OfPlace, version: string): Rule {
    const set = this.sets.find((each) => each.tenant === tenant && each.parameters.version === version);
    return this.#rule(category, set?.parameters ?? parameters202601);
  }

  periodsOf(tenant: string, area: string): PeriodOfTenant[] {
    if (this.periods.length === 0) return [];
    return this.periods.filter((period) => period.tenant === tenant && area.startsWith(period.areaPrefix));
  }

  #rule(category: string, parameters: Parameters): Rule {
    const rules = this.#rules.get(parameters) ?? new Map<string, Rule>();
    const rule = rules.get(category) ?? ruleOfCategory(parameters, category);
    this.#rules.set(parameters, rules.set(category, rule));
    return rule;
  }
}

export const openRuleBook = async (
  tx: Transaction,
  tenants: readonly string[],
  now: number,
): Promise<RuleBook> =>
  new RuleBook(...(await allOf([register.parameters(tx, tenants), register.periods(tx, tenants)])), now);
