import type {View} from '../../src/engine/control.ts';
import {asArray, asObject, isObject, type Json, type JsonObject} from '../../src/engine/json.ts';
import {labelsOf, type Resource} from '../../src/engine/objects.ts';
import {podTemplate} from '../../src/engine/pod-spec.ts';
import {selects} from '../../src/engine/selectors.ts';
import {listIn} from './namespaces.ts';

export const policyKinds = [
  'NetworkPolicy',
  'CiliumNetworkPolicy',
  'CiliumClusterwideNetworkPolicy',
] as const;

const directions = ['ingress', 'egress'] as const;
type Direction = (typeof directions)[number];

/** What the policies that select a pod do to one direction: nothing, let everything pass all the same, or restrict it. */
type Isolation = 'none' | 'open' | 'restricted';

export type Isolations = Readonly<Record<Direction, Isolation>> & {
  /** Policies that select the pod. */
  readonly policies: readonly Resource[];
};

/** Labels of the pods that a workload makes. */
export const podLabels = (workload: Resource): JsonObject =>
  labelsOf({metadata: podTemplate(workload).metadata});

export const isolationOf = (workload: Resource, view: View): Isolations => {
  const labels = podLabels(workload);
  const effects = [
    ...listIn(view, 'NetworkPolicy', workload.namespace).map((policy) => ({
      policy,
      effect: networkPolicy(policy.object, labels),
    })),
    ...listIn(view, 'CiliumNetworkPolicy', workload.namespace).map((policy) => ({
      policy,
      effect: ciliumPolicy(policy.object, labels),
    })),
    ...view.list('CiliumClusterwideNetworkPolicy').map((policy) => ({
      policy,
      effect: ciliumPolicy(policy.object, labels),
    })),
  ].filter(({effect}) => effect !== undefined);
  const of = (direction: Direction): Isolation => {
    const all = effects.map(({effect}) => effect?.[direction]);
    // Rules of all policies are added up: one that lets everything pass undoes the others.
    return all.includes('open') ? 'open' : all.includes('restricted') ? 'restricted' : 'none';
  };
  return {ingress: of('ingress'), egress: of('egress'), policies: effects.map(({policy}) => policy)};
};

type Effect = Partial<Record<Direction, Isolation>>;

function networkPolicy(policy: JsonObject, labels: JsonObject): Effect | undefined {
  const spec = asObject(policy.spec);
  if (!selects(spec.podSelector, labels)) return undefined;
  const types = policyTypes(spec);
  return Object.fromEntries(
    directions
      .filter((direction) => types.includes(direction))
      .map((direction) => [direction, asArray(spec[direction]).some(letsAllPass) ? 'open' : 'restricted']),
  );
}

/** As the API fills them in where they are missing: Ingress always, Egress where there are rules for it. */
function policyTypes(spec: JsonObject): readonly string[] {
  const types = asArray(spec.policyTypes).map((type) => String(type).toLowerCase());
  if (types.length > 0) return types;
  return spec.egress === undefined ? ['ingress'] : ['ingress', 'egress'];
}

/** A rule without peers and without ports. */
const letsAllPass = (rule: Json): boolean =>
  isObject(rule) && [rule.from, rule.to, rule.ports].every((list) => asArray(list).length === 0);

/** The parts of a Cilium policy that select a pod. */
export const ciliumSpecs = (policy: JsonObject, labels: JsonObject): readonly JsonObject[] =>
  [policy.spec, ...asArray(policy.specs)]
    .map((spec) => asObject(spec))
    .filter(
      ({endpointSelector}) => isObject(endpointSelector) && selects(plainSelector(endpointSelector), labels),
    );

/**
 * Cilium has no policy types: a direction is closed by naming it, unless that is switched off, and what its rules name
 * is let through.
 */
function ciliumPolicy(policy: JsonObject, labels: JsonObject): Effect | undefined {
  const selecting = ciliumSpecs(policy, labels);
  if (selecting.length === 0) return undefined;
  const effectOn = (direction: Direction): Isolation | undefined => {
    const named = selecting.filter((spec) => spec[direction] !== undefined);
    if (named.some((spec) => asArray(spec[direction]).some(letsAllEntitiesPass))) return 'open';
    const closing = named.filter(({enableDefaultDeny}) => asObject(enableDefaultDeny)[direction] !== false);
    return closing.length > 0 ? 'restricted' : undefined;
  };
  return Object.fromEntries(
    directions.flatMap((direction) => {
      const effect = effectOn(direction);
      return effect === undefined ? [] : [[direction, effect]];
    }),
  );
}

/** A rule of Cilium for everybody, on every port. */
const letsAllEntitiesPass = (rule: Json): boolean => {
  const {fromEntities, toEntities, toPorts} = asObject(rule);
  return asArray(toPorts).length === 0 && [...asArray(fromEntities), ...asArray(toEntities)].includes('all');
};

/** Cilium names the source of a label before it: `k8s:app`, `any:app`. */
const plainLabel = (key: string): string => key.replace(/^(k8s|any):/, '');

const plainSelector = ({matchLabels, matchExpressions}: JsonObject): JsonObject => ({
  matchLabels: Object.fromEntries(
    Object.entries(asObject(matchLabels)).map(([key, value]) => [plainLabel(key), value]),
  ),
  matchExpressions: asArray(matchExpressions).map((item) => {
    const expression = asObject(item);
    return {...expression, key: plainLabel(String(expression.key))};
  }),
});
