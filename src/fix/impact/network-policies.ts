import type {View} from '../../engine/control.ts';
import {asArray, asObject, asString, isObject, type Json, type JsonObject} from '../../engine/json.ts';
import {describe, labelsOf, type Ref, type Resource, refOf} from '../../engine/objects.ts';
import {podTemplate} from '../../engine/pod-spec.ts';
import {selects} from '../../engine/selectors.ts';
import {workloadsIn} from '../references.ts';
import {enforcer} from './cni.ts';
import {type Consequence, listOf, type Topic} from './situation.ts';

type Direction = 'ingress' | 'egress';

/** What becomes of traffic under the policies of a namespace: which Services lose it, whether names can be looked up. */
export const networkPolicies: Topic = ({now, then, items}) => {
  const policies = items.filter(({ref}) => ref.kind === 'NetworkPolicy');
  if (policies.length === 0) return [];
  const found: Consequence[] = [];
  const causes = new Map<string, Ref>(policies.map(({ref}) => [ref.namespace, ref]));
  for (const [namespace, cause] of causes) {
    const remarks = [
      ...services(now, then, namespace),
      ...names(now, then, namespace),
      ...outgoing(now, then, namespace),
    ];
    found.push(...remarks.map((one) => ({...one, cause})));
  }
  found.push(...enforcement(now));
  return found;
};

const podLabels = (workload: Resource): JsonObject => labelsOf({metadata: podTemplate(workload).metadata});

/** The rules that hold for a pod in one direction; undefined where no policy isolates it: all passes. */
function rulesFor(view: View, workload: Resource, direction: Direction): readonly JsonObject[] | undefined {
  const labels = podLabels(workload);
  const holding = view.list('NetworkPolicy', workload.namespace).filter(({object}) => {
    const spec = asObject(object.spec);
    return typesOf(spec).includes(direction) && selects(spec.podSelector, labels);
  });
  if (holding.length === 0) return undefined;
  return holding.flatMap(({object}) => asArray(asObject(object.spec)[direction]).map(asObject));
}

/** As the API fills them in where they are missing: Ingress always, Egress where it has rules. */
function typesOf(spec: JsonObject): readonly string[] {
  const types = asArray(spec.policyTypes).map((type) => asString(type).toLowerCase());
  if (types.length > 0) return types;
  return spec.egress === undefined ? ['ingress'] : ['ingress', 'egress'];
}

const peers = (rule: JsonObject, field: 'from' | 'to'): readonly Json[] => asArray(rule[field]);

/** Whether a rule lets a port through; a port that is named, or a range, may be it. */
function allowsPort(rule: JsonObject, port: Json | undefined, protocol: string): boolean {
  const ports = asArray(rule.ports).map(asObject);
  if (ports.length === 0) return true;
  return ports.some((one) => {
    if ((asString(one.protocol) || 'TCP') !== protocol) return false;
    if (one.port === undefined || typeof one.port !== typeof port) return true;
    if (typeof one.endPort === 'number' && typeof one.port === 'number' && typeof port === 'number') {
      return port >= one.port && port <= one.endPort;
    }
    return one.port === port;
  });
}

type Reach = 'open' | 'some' | 'none';

/** Who may reach a port of a workload: all, some, nobody. */
function reach(view: View, workload: Resource, port: Json | undefined, protocol: string): Reach {
  const rules = rulesFor(view, workload, 'ingress');
  if (rules === undefined) return 'open';
  const passing = rules.filter((rule) => allowsPort(rule, port, protocol));
  if (passing.length === 0) return 'none';
  return passing.some((rule) => peers(rule, 'from').length === 0) ? 'open' : 'some';
}

const least = (values: readonly Reach[]): Reach =>
  values.includes('none') ? 'none' : values.includes('some') ? 'some' : 'open';

function services(now: View, then: View, namespace: string): readonly Consequence[] {
  const found: Consequence[] = [];
  const closed: string[] = [];
  for (const service of then.list('Service', namespace)) {
    const spec = asObject(service.object.spec);
    const selector = asObject(spec.selector);
    if (Object.keys(selector).length === 0) continue;
    const behind = workloadsIn(then, namespace).filter((one) =>
      selects({matchLabels: selector}, podLabels(one)),
    );
    if (behind.length === 0) continue;
    const ports = asArray(spec.ports).map(asObject);
    const of = (view: View) =>
      least(
        behind.flatMap((one) =>
          ports.map((port) =>
            reach(view, one, port.targetPort ?? port.port, asString(port.protocol) || 'TCP'),
          ),
        ),
      );
    const before = of(now);
    const after = of(then);
    if (after === before || after === 'open') {
      if (after === 'open') closed.push(service.name);
      continue;
    }
    const through = ingressesOf(then, service);
    const also = through.length > 0 ? `, and with it ${listOf(through.map(describe))},` : '';
    found.push(
      after === 'none'
        ? {
            mark: 'failed',
            text: `${describe(service)}${also} gets no traffic any more: no rule lets anything reach ${listOf(behind.map(describe))}.`,
            object: refOf(service),
          }
        : {
            mark: 'look',
            text: `${describe(service)}${also} is reached only by those that the rules name: compare with who calls ${listOf(behind.map(describe))} today.`,
            object: refOf(service),
          },
    );
  }
  if (closed.length > 0 && found.length === 0) {
    found.push({
      mark: 'passed',
      text: `${listOf(closed)} ${closed.length === 1 ? 'is' : 'are'} still reached by all.`,
    });
  }
  return found;
}

/** Ingresses that lead to a Service. */
const ingressesOf = (view: View, {namespace, name}: Resource): readonly Resource[] =>
  view.list('Ingress', namespace).filter(({object}) => {
    const spec = asObject(object.spec);
    const backends = [
      spec.defaultBackend,
      ...asArray(spec.rules).flatMap((rule) =>
        asArray(asObject(asObject(rule).http).paths).map((path) => asObject(path).backend),
      ),
    ];
    return backends.some((backend) => asObject(asObject(backend).service).name === name);
  });

/** Whether a rule lets DNS out: port 53 by UDP, to peers that may be the DNS pods. */
const allowsDns = (rule: JsonObject): boolean =>
  allowsPort(rule, 53, 'UDP') &&
  (peers(rule, 'to').length === 0 ||
    peers(rule, 'to').some((peer) => {
      const {namespaceSelector, ipBlock} = asObject(peer);
      return isObject(namespaceSelector) || isObject(ipBlock);
    }));

function names(now: View, then: View, namespace: string): readonly Consequence[] {
  const loses = workloadsIn(then, namespace).filter((workload) => {
    const rules = rulesFor(then, workload, 'egress');
    if (rules === undefined || rules.some(allowsDns)) return false;
    const before = rulesFor(now, workload, 'egress');
    return before === undefined || before.some(allowsDns);
  });
  if (loses.length === 0) return [];
  const text = `${listOf(loses.map(describe))} can't look up names any more: no rule lets UDP port 53 out to the DNS of the cluster.`;
  return [{mark: 'failed', text}];
}

function outgoing(now: View, then: View, namespace: string): readonly Consequence[] {
  const closed = workloadsIn(then, namespace).filter((workload) => {
    const rules = rulesFor(then, workload, 'egress');
    const isOpen =
      rules === undefined ||
      rules.some((rule) => peers(rule, 'to').length === 0 && asArray(rule.ports).length === 0);
    return !isOpen && rulesFor(now, workload, 'egress') === undefined;
  });
  if (closed.length === 0) return [];
  const text = `${listOf(closed.map(describe))} ${closed.length === 1 ? 'reaches' : 'reach'} only what the rules name from now on: databases, other namespaces and the internet need a rule each.`;
  return [{mark: 'look', text}];
}

function enforcement(now: View): readonly Consequence[] {
  const {name, enforces} = enforcer(now);
  if (enforces) return [{mark: 'passed', text: `${name} enforces NetworkPolicies here.`}];
  const text = name
    ? `${name} does not enforce NetworkPolicies: this changes nothing until a network plugin does.`
    : 'No network plugin that enforces NetworkPolicies was recognised here: they may change nothing.';
  return [{mark: 'look', text}];
}
