import type {Fix} from '../src/engine/change.ts';
import {type ControlMeta, defineControl, type Failure, type View} from '../src/engine/control.ts';
import {asObject, type JsonObject} from '../src/engine/json.ts';
import {describe, type Resource} from '../src/engine/objects.ts';
import {podTemplate, templatePath, WORKLOADS} from '../src/engine/pod-spec.ts';
import {selects} from '../src/engine/selectors.ts';
import type {Work} from '../src/engine/slices.ts';
import {named} from './shared/accounts.ts';
import {idsOf} from './shared/fix.ts';
import {isolationOf, podLabels, policyKinds} from './shared/network.ts';
import {
  denyAllBut,
  policyFor,
  readingSurroundings,
  type Surroundings,
  selectorOf,
} from './shared/network-policy.ts';
import {overWorkloads} from './shared/workload.ts';

const meta = {
  id: 'C-0030',
  title: 'Ingress and Egress blocked',
  practice: 'network-policies',
  baseScore: 6,
  needs: [...WORKLOADS, ...policyKinds],
  messages: {
    unselected:
      'Every pod of the cluster may talk to the pods of {object}, and they to everybody: no network policy selects them. Create one that lets through what they need.',
    open: 'Network policies select the pods of {object}, but let everything pass: {policies}. Narrow their rules.',
  },
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Network policies',
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
  ],
} satisfies ControlMeta;

export const c0030 = defineControl({
  meta,
  kinds: [...WORKLOADS, ...policyKinds],
  // Policies are counted, as the peer does, and never fail.
  counts: (resource) => isPolicy(resource) || overWorkloads.counts(resource),
  *check(resource, view) {
    if (isPolicy(resource)) return;
    const {ingress, egress, policies} = isolationOf(resource, view);
    if (ingress === 'restricted' || egress === 'restricted') return;
    const names = policies.map(describe).join(', ');
    const path = [...templatePath(resource.kind), 'metadata', 'labels'];
    const data = {object: describe(resource), policies: names};
    yield policies.length === 0
      ? {message: 'unselected', path, found: 'no policy selects it', data}
      : {message: 'open', path, found: `everything passes ${names}`, data};
  },
  fixes: (failures, view) => [...fixing(failures, view)].filter((one) => one !== undefined),
  fixing,
});

function* fixing(failures: readonly Failure[], view: View): Iterable<Fix | undefined> {
  const around = yield* readingSurroundings(view);
  const closable: Failure[] = [];
  const others: Failure[] = [];
  for (const failure of failures) {
    (isClosable(failure, view) ? closable : others).push(failure);
    yield;
  }
  const selectedBy = yield* indexByLabel(closable);
  const byNamespace = Map.groupBy(closable.filter(isOrdinary), ({resource}) => resource.namespace);
  for (const failure of closable) yield* forWorkload(failure, selectedBy, around);
  for (const [namespace, some] of byNamespace) yield forNamespace(namespace, some, around);
  for (const failure of others) yield narrowByHand(failure, view);
  for (const failure of closable) if (isOnNode(failure.resource)) yield guardByHand(failure);
}

/** Whether a policy of ours makes a difference: what another one lets through stays let through. */
const isClosable = (failure: Failure, view: View): boolean => {
  const {ingress, egress} = isolationOf(failure.resource, view);
  return ingress !== 'open' || (egress !== 'open' && isOrdinary(failure));
};
const isPolicy = ({kind}: Resource): boolean => policyKinds.some((one) => one === kind);
const isOnNode = (workload: Resource): boolean => podTemplate(workload).spec.hostNetwork === true;
/** kube-system must be reached and must reach nodes in ways that no object tells. */
const isOrdinary = ({resource}: Failure): boolean => resource.namespace !== 'kube-system';

/** The failures of a namespace whose pods a selector selects. */
type SelectedBy = (namespace: string, selector: JsonObject) => readonly Failure[];

/** Looks up by one label first: comparing each selector with each workload would grow with the square. */
function* indexByLabel(failures: readonly Failure[]): Work<SelectedBy> {
  const byLabel = new Map<string, Failure[]>();
  const byNamespace = Map.groupBy(failures, ({resource}) => resource.namespace);
  for (const failure of failures) {
    for (const label of Object.entries(podLabels(failure.resource))) {
      const key = `${failure.resource.namespace} ${label.join('=')}`;
      const list = byLabel.get(key);
      if (list) list.push(failure);
      else byLabel.set(key, [failure]);
    }
    yield;
  }
  return (namespace, selector) => {
    const lists = Object.entries(asObject(selector.matchLabels)).map(
      (label) => byLabel.get(`${namespace} ${label.join('=')}`) ?? [],
    );
    const [fewest = byNamespace.get(namespace) ?? []] = lists.sort((a, b) => a.length - b.length);
    return fewest.filter(({resource}) => selects(selector, podLabels(resource)));
  };
}

function forWorkload(failure: Failure, selectedBy: SelectedBy, around: Surroundings): readonly Fix[] {
  const {resource} = failure;
  const selector = selectorOf(resource);
  if (selector === undefined || isOnNode(resource)) return [];
  const outside =
    resource.namespace === 'kube-system'
      ? 'What goes out stays free.'
      : 'They reach DNS, the pods of their namespace, the namespaces that its configuration names, and ports 443 and 6443 anywhere.';
  return [
    {
      approach: 'for each workload',
      summary: 'creates a NetworkPolicy from its Services and configuration, restarts nothing',
      kind: 'review',
      scope: 'object',
      change: {
        id: `${meta.id} policy ${resource.key}`,
        steps: [policyFor(resource, selector, around)],
      },
      clears: selectedBy(resource.namespace, selector).flatMap((one) => idsOf(meta, one)),
      asks: [],
      consequence: `The pods of ${describe(resource)} are reached only on the ports of their Services. ${outside} All else is cut at once.`,
    },
  ];
}

function forNamespace(namespace: string, failures: readonly Failure[], around: Surroundings): Fix {
  const place = `namespace ${namespace || 'default'}`;
  const onNode = failures.map(({resource}) => resource).filter(isOnNode);
  const exempt =
    onNode.length > 0 ? ` It does not hold for ${named(onNode)}, on the network of the node.` : '';
  return {
    approach: 'default deny for the namespace',
    summary: `denies all, then allows DNS and what each workload of ${place} needs, restarts nothing`,
    kind: 'review',
    scope: 'namespace',
    change: {
      id: `${meta.id} namespace ${namespace}`,
      steps: denyAllBut(
        namespace,
        failures.map(({resource}) => resource),
        around,
      ),
    },
    clears: failures.flatMap((failure) => idsOf(meta, failure)),
    asks: [],
    consequence: `Pods of ${place} that no other policy selects, also future ones, reach DNS alone and are reached by nobody.${exempt}`,
  };
}

const byHand = (failure: Failure, approach: string, summary: string, steps: readonly string[]): Fix => ({
  approach,
  summary,
  kind: 'manual',
  scope: 'object',
  change: {id: `${meta.id} ${approach} ${failure.resource.key}`, steps: []},
  clears: [],
  asks: [],
  steps,
});

const narrowByHand = (failure: Failure, view: View): Fix => {
  const open = isolationOf(failure.resource, view).policies;
  const namespace = failure.resource.namespace || 'default';
  return byHand(failure, 'at the policies that let everything pass', 'narrows what they allow', [
    `${named(open)} lets everything pass, and rules of all policies add up: another policy changes nothing.`,
    `Edit it so that no rule is empty ({}): name the callers and the ports that the pods of ${describe(failure.resource)} need.`,
    `Verify: kubectl -n ${namespace} get networkpolicy -o yaml, no ingress or egress list holds {}.`,
  ]);
};

const guardByHand = (failure: Failure): Fix => {
  const {resource} = failure;
  return byHand(failure, 'off the network of the node', 'a policy does not hold on the network of the node', [
    `${describe(resource)} uses the network of its node, where network policies do not hold: take hostNetwork away if it can do without (C-0041).`,
    'If it can not, restrict its ports by the firewall of the node, then accept this finding with that reason.',
    `Verify: kubectl -n ${resource.namespace || 'default'} get ${resource.kind.toLowerCase()} ${resource.name} -o yaml | grep hostNetwork`,
  ]);
};
