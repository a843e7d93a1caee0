import {type Edit, type Fix, questionsOf, type Step} from '../../src/engine/change.ts';
import {type ControlMeta, type Failure, findingId} from '../../src/engine/control.ts';
import {asString, type Json} from '../../src/engine/json.ts';
import {describe, type Resource, refOf} from '../../src/engine/objects.ts';
import {formatPath, type Path} from '../../src/engine/path.ts';
import {isImmutable, podTemplate} from '../../src/engine/pod-spec.ts';
import {isMirrorPod, makerOf} from './owner.ts';

export const set = (path: Path, json: Json): Edit => ({op: 'set', path, value: {json}});
export const remove = (path: Path): Edit => ({op: 'remove', path});

/** The value of a field as a person reads it. */
export const shown = (value: Json | undefined): string =>
  value === undefined ? 'not set' : typeof value === 'string' ? value : JSON.stringify(value);

/** Ids of all findings of a failure. */
export const idsOf = (meta: ControlMeta, {resource, findings}: Failure): readonly string[] =>
  findings.map((finding) => findingId(meta.id, resource, finding));

/** How one workload is fixed, before it is known whether it can be edited in place. */
export type Plan = Pick<Fix, 'approach' | 'summary' | 'consequence'> & {
  readonly kind: 'automatic' | 'review';
  readonly edits: readonly Edit[];
  /** Findings that it clears; all of the workload where absent. */
  readonly clears?: readonly string[];
};

/**
 * The fix of one workload by edits in its pod template: in place where the API allows it, by recreating a Pod or Job on
 * a cluster, by hand where something else would make the pod anew as it was.
 */
export function workloadFix(meta: ControlMeta, failure: Failure, plan: Plan): Fix {
  const {resource} = failure;
  const edits = withoutEphemeral(resource, plan.edits);
  if (isMirrorPod(resource))
    return byHand(meta, failure, plan, 'in the file of the node', nodeSteps(resource, edits));
  const maker = makerOf(resource);
  if (maker) {
    const name = `${maker.kind} ${resource.namespace}/${maker.name}`;
    return byHand(meta, failure, plan, 'at what makes the pod', makerSteps(resource, name, edits));
  }
  const recreate = resource.source === 'live' && isImmutable(resource.kind);
  const step: Step = {do: recreate ? 'recreate' : 'edit', object: refOf(resource), edits};
  const change = {id: `${meta.id} ${plan.approach} ${resource.key}`, steps: [step]};
  const consequence = [recreate ? interruption(resource) : undefined, plan.consequence]
    .filter(Boolean)
    .join(' ');
  return {
    approach: plan.approach,
    summary: plan.summary,
    kind: recreate ? 'recreate' : plan.kind,
    scope: 'object',
    change,
    clears: plan.clears ?? idsOf(meta, failure),
    asks: questionsOf(change),
    ...(consequence ? {consequence} : {}),
  };
}

function byHand(
  meta: ControlMeta,
  {resource}: Failure,
  plan: Plan,
  approach: string,
  steps: readonly string[],
): Fix {
  return {
    approach,
    summary: plan.summary,
    kind: 'manual',
    scope: 'object',
    change: {id: `${meta.id} ${approach} ${resource.key}`, steps: []},
    clears: [],
    asks: [],
    steps,
    ...(plan.consequence === undefined ? {} : {consequence: plan.consequence}),
  };
}

const interruption = (resource: Resource): string =>
  resource.kind === 'Job'
    ? `${describe(resource)} is deleted and created again, because its template can't be changed: it runs once more.`
    : `${describe(resource)} is deleted and created again, because a pod can't be changed: it is away until it is ready.`;

/** No API accepts an ephemeral container in what is created or edited: it goes, with what was found in it. */
function withoutEphemeral(resource: Resource, edits: readonly Edit[]): readonly Edit[] {
  const {spec, path} = podTemplate(resource);
  if (spec.ephemeralContainers === undefined) return edits;
  const others = edits.filter((edit) => edit.path[path.length] !== 'ephemeralContainers');
  return [...others, remove([...path, 'ephemeralContainers'])];
}

function editPhrase(edit: Edit, resource: Resource): string {
  const path = formatPath(edit.path, resource.object);
  if (edit.op === 'remove') return `take out ${path}`;
  if ('ask' in edit.value) return `set ${path} to the ${edit.value.ask.label} that it needs`;
  return `set ${path} to ${'json' in edit.value ? JSON.stringify(edit.value.json) : 'the value of its Secret'}`;
}

const phrases = (edits: readonly Edit[], resource: Resource): string =>
  edits.map((edit) => editPhrase(edit, resource)).join(', ');

function verify(resource: Resource, edits: readonly Edit[]): string {
  const field = edits[0] ? `{.${formatPath(edits[0].path, resource.object)}}` : '{.spec}';
  return `Verify: kubectl -n ${resource.namespace || 'default'} get ${resource.kind.toLowerCase()} ${resource.name} -o jsonpath='${field}'`;
}

function nodeSteps(resource: Resource, edits: readonly Edit[]): readonly string[] {
  const node = asString(podTemplate(resource).spec.nodeName);
  const file = `/etc/kubernetes/manifests/${node ? resource.name.replace(`-${node}`, '') : resource.name}.yaml`;
  return [
    `Log in to node ${node || 'that runs it'} and copy ${file} to a folder of your own, outside /etc/kubernetes/manifests.`,
    `In ${file}, ${phrases(edits, resource)}. The kubelet starts the pod anew as soon as the file is saved.`,
    verify(resource, edits),
  ];
}

const makerSteps = (resource: Resource, maker: string, edits: readonly Edit[]): readonly string[] => [
  `${describe(resource)} is made by ${maker}, which would make it again as it is: change it there, in the field that becomes the pod.`,
  `There, so that in the pod: ${phrases(edits, resource)}.`,
  `When ${maker} has made a new one, look at that. ${verify(resource, edits)}`,
];
