import type {Fix} from '../../src/engine/change.ts';
import type {ControlMeta, Failure, Finding, View} from '../../src/engine/control.ts';
import {type Component, componentOf, flagIndex, flagValue} from '../../src/engine/derive.ts';
import {describeEvidence, RUNGS} from '../../src/engine/evidence.ts';
import {asObject, asString} from '../../src/engine/json.ts';
import type {Resource} from '../../src/engine/objects.ts';
import type {Path} from '../../src/engine/path.ts';
import {idsOf} from './fix.ts';
import {manifestsOf, type ServerChange, stepsOn} from './server-change.ts';

const isApiServer = (resource: Resource): boolean => componentOf(resource).component === 'kube-apiserver';

/** Why nothing tells what is asked of the API server; it depends on who runs it. */
function unseen(view: View): string {
  const gap = view.gap('Pod');
  if (gap !== undefined) return gap;
  const nodes = view.list('Node').map(({object}) => asString(asObject(object.spec).providerID));
  return nodes.some((id) => /^(aws|azure|gce|ibm|oci|digitalocean):/.test(id))
    ? 'The provider runs this API server, so its flags are not readable from here: ask the provider, or its console.'
    : 'No static pod of a kube-apiserver is visible in kube-system, so its flags are not known: read them on a control-plane node, with ps -o args= -C kube-apiserver.';
}

/**
 * How much a Component is worth for a question, the least number first; undefined where it can't answer. Flags that run
 * come before a proof by behaviour, that before what was only recorded, and that before what is likely.
 */
type Worth = (component: Component) => number | undefined;

/** An answer from behaviour: `proof`, or the less certain `likely`; undefined where it shows nothing. */
type Observes = (component: Component) => 'proof' | 'likely' | undefined;

const worthBy =
  (observes: Observes): Worth =>
  (component) => {
    const rung = RUNGS.indexOf(component.evidence.rung);
    if (component.evidence.confidence === 'running') return rung;
    if (component.evidence.confidence === 'recorded') return 200 + rung;
    const seen = observes(component);
    return seen === undefined ? undefined : seen === 'proof' ? 100 : 300;
  };

function mostTelling(view: View, worth: Worth): readonly Resource[] {
  let best: number | undefined;
  let found: Resource[] = [];
  for (const resource of view.list('Component')) {
    const value = isApiServer(resource) ? worth(componentOf(resource)) : undefined;
    if (value === undefined || (best !== undefined && value > best)) continue;
    if (value !== best) found = [];
    best = value;
    found.push(resource);
  }
  return found;
}

/**
 * Counts the API servers as the best evidence shows them, each once; without any, the control is not evaluated.
 * `observes` tells whether behaviour alone answers what is asked, for servers whose flags nobody shows.
 */
export const overServers = (observes: Observes = () => undefined) => {
  const worth = worthBy(observes);
  return {
    kinds: ['Component'],
    counts: (resource: Resource, view: View): boolean =>
      isApiServer(resource) && mostTelling(view, worth).includes(resource),
    unavailable: (view: View): string | undefined =>
      mostTelling(view, worth).length > 0 ? undefined : unseen(view),
    evidence: (resource: Resource): string => describeEvidence(componentOf(resource).evidence),
  };
};

/** The flags of the API servers are not listed by any kind: what is seen of them depends on the cluster. */
export const serverNeeds = ['flags of the API server'] as const;

/** `kube-system/kube-apiserver-cp`, and how it is known. */
const serverData = (resource: Resource) => ({
  server: `${resource.namespace ? `${resource.namespace}/` : ''}${resource.name}`,
  source: describeEvidence(componentOf(resource).evidence),
});

/** A finding about what was seen of a server rather than about a flag. */
export const atServer = <Id extends string>(
  message: Id,
  resource: Resource,
  path: Path,
  found: string,
): Finding<Id> => ({
  message,
  path,
  found,
  data: serverData(resource),
});

/** A finding at a flag of the command line, or where it would have to be. */
export function atFlag<Id extends string>(message: Id, resource: Resource, flag: string): Finding<Id> {
  const component = componentOf(resource);
  const index = flagIndex(component.command, flag);
  return {
    message,
    path: index < 0 ? component.flagsPath : (component.wordPaths[index] ?? component.flagsPath),
    found: index < 0 ? 'not set' : (flagValue(component.command, flag) ?? ''),
    data: serverData(resource),
  };
}

export const flagOf = (resource: Resource, flag: string): string | undefined =>
  flagValue(componentOf(resource).command, flag);

/** `[1, 36]` from what the server told or the tag of its image; undefined where neither tells a version. */
export function versionOf({image, version}: Component): readonly [number, number] | undefined {
  const match = /^v?(\d+)\.(\d+)/.exec(version ?? '') ?? /:v?(\d+)\.(\d+)/.exec(image);
  return match === null ? undefined : [Number(match[1]), Number(match[2])];
}

/** Where the kubelet of a node reads the API server's pod from, as kubeadm puts it. */
export const apiServerFile = '/etc/kubernetes/manifests/kube-apiserver.yaml';

/**
 * A fix on the node of each API server: by hand, because no API reaches that file; where the node's files are readable,
 * as on the practice cluster, `change` says what to edit in them.
 */
export const onTheNode = (
  meta: ControlMeta,
  failures: readonly Failure[],
  view: View,
  summary: string,
  steps: (resource: Resource) => readonly string[],
  change?: (resource: Resource) => ServerChange | undefined,
): readonly Fix[] =>
  failures.map((failure) => {
    const {resource} = failure;
    const manifests = manifestsOf(resource, view, apiServerFile);
    const wanted = change?.(resource);
    const edits = wanted ? manifests.flatMap((one) => stepsOn(one, wanted)) : [];
    // Servers that share a store need the same key.
    const hasKey = manifests.length > 1 && JSON.stringify(edits).includes('"random"');
    const isHere = edits.length > 0 && !hasKey && manifests.every(({isFile}) => isFile);
    const nodes = manifests.map(({node}) => node).filter(Boolean);
    const where =
      nodes.length > 1
        ? `nodes ${nodes.join(', ')}`
        : nodes[0]
          ? `node ${nodes[0]}`
          : 'the control-plane node';
    const copy = `Log in to ${where} and copy ${apiServerFile} to a folder outside /etc/kubernetes/manifests: a broken file there stops the API server.`;
    return {
      approach: 'in the file of the node',
      summary,
      kind: isHere ? 'review' : 'manual',
      scope: 'cluster',
      change: {id: `${meta.id} in the file of the node ${resource.key}`, steps: edits},
      clears: isHere ? idsOf(meta, failure) : [],
      asks: [],
      steps: [copy, ...steps(resource)],
      ...(isHere && wanted ? {consequence: `${wanted.consequence} ${restarts}`} : {}),
    };
  });

const restarts =
  'The kubelet starts the API server anew: for some seconds nobody reaches it, and with a mistake in the file it stays away until that is corrected.';
