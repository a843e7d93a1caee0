import type {View} from '../engine/control.ts';
import {asArray, asObject, asString, type JsonObject} from '../engine/json.ts';
import {annotationsOf, describe, labelsOf, type Ref} from '../engine/objects.ts';
import {plainText} from '../engine/text.ts';
import type {PreviewItem} from '../target/target.ts';
import type {Owner, Remark} from './plan.ts';

type Rule = (object: JsonObject, labels: JsonObject, annotations: JsonObject) => Owner | undefined;

const named = (tool: Owner['tool'], name: string): Owner | undefined =>
  name ? {tool, name: plainText(name)} : undefined;

// Argo CD and Flux render Helm charts too: who syncs comes before who rendered.
const rules: readonly Rule[] = [
  (object, _, annotations) =>
    annotations['kubernetes.io/config.mirror'] === undefined
      ? undefined
      : named('static pod', asString(asObject(object.spec).nodeName) || 'its node'),
  (_, labels, annotations) =>
    named(
      'Argo CD',
      asString(annotations['argocd.argoproj.io/tracking-id']).split(':')[0] ||
        asString(labels['argocd.argoproj.io/instance']),
    ),
  (_, labels) =>
    flux(labels, 'kustomize.toolkit.fluxcd.io', 'Kustomization') ??
    flux(labels, 'helm.toolkit.fluxcd.io', 'HelmRelease'),
  (_, labels) =>
    named('OLM', asString(labels['olm.owner'])) ??
    named(
      'OLM',
      Object.keys(labels)
        .find((key) => key.startsWith('operators.coreos.com/'))
        ?.slice('operators.coreos.com/'.length) ?? '',
    ),
  (_, __, annotations) => named('Helm', asString(annotations['meta.helm.sh/release-name'])),
  (object) => {
    const owners = asArray(asObject(object.metadata).ownerReferences).map(asObject);
    const owner = owners.find(({controller}) => controller === true) ?? owners[0];
    return owner && named('controller', `${asString(owner.kind)}/${asString(owner.name)}`);
  },
];

function flux(labels: JsonObject, prefix: string, kind: string): Owner | undefined {
  const name = asString(labels[`${prefix}/name`]);
  return named('Flux', name && `${kind} ${asString(labels[`${prefix}/namespace`])}/${name}`);
}

/** Who owns an object so that a live change would be reverted; undefined where nobody does. */
export function ownerOf(object: JsonObject | undefined): Owner | undefined {
  if (object === undefined) return undefined;
  const labels = labelsOf(object);
  const annotations = annotationsOf(object);
  for (const rule of rules) {
    const owner = rule(object, labels, annotations);
    if (owner) return owner;
  }
  return undefined;
}

/** `Argo CD application home-app`. */
export const describeOwner = ({tool, name}: Owner): string => {
  if (tool === 'Helm') return `Helm release ${name}`;
  if (tool === 'Argo CD') return `Argo CD application ${name}`;
  if (tool === 'OLM') return `OLM operator ${name}`;
  if (tool === 'static pod') return `The kubelet of ${name}`;
  return tool === 'controller' ? name.replace('/', ' ') : `Flux ${name}`;
};

/** `many`: more objects are changed than these, so that one of them is named. */
const consequence = (owner: Owner, refs: readonly Ref[], many: boolean): string => {
  const who = describeOwner(owner);
  const isOne = refs.length === 1;
  const what = !isOne ? String(refs.length) : many ? describe(refs[0]!) : 'it';
  if (owner.tool === 'Helm') {
    return `${who} owns ${what}: its next upgrade undoes ${isOne ? 'this' : 'them'}.`;
  }
  if (owner.tool === 'static pod') return `${who} makes ${what} from a file: change that file on the node.`;
  const soon =
    owner.tool === 'controller' ? 'puts the old state back.' : 'puts the old state back within minutes.';
  return `${who} owns ${what} and ${soon}`;
};

/** The fourth answer: who owns what is changed, and who manages the namespace of what is made. */
export function ownerRemarks(items: readonly PreviewItem[], view: View): readonly Remark[] {
  const remarks: Remark[] = [];
  const owned = new Map<string, {owner: Owner; refs: PreviewItem['ref'][]}>();
  for (const {ref, before, step} of items) {
    const owner = step.do === 'create' ? undefined : ownerOf(before);
    if (owner === undefined) continue;
    const key = describeOwner(owner);
    const known = owned.get(key);
    if (known) known.refs.push(ref);
    else owned.set(key, {owner, refs: [ref]});
  }
  for (const {owner, refs} of owned.values()) {
    const [first] = refs;
    remarks.push({
      mark: 'look',
      text: consequence(owner, refs, items.length > 1),
      ...(refs.length === 1 && first ? {object: first} : {}),
    });
  }
  for (const namespace of new Set(
    items.filter(({step}) => step.do === 'create').map(({ref}) => ref.namespace),
  )) {
    const owner = namespace ? ownerOf(view.get('Namespace', '', namespace)?.object) : undefined;
    if (owner === undefined) continue;
    const text = `${describeOwner(owner)} manages the namespace ${namespace}, but not the new objects.`;
    remarks.push({mark: 'look', text});
  }
  if (owned.size === 0) remarks.push({mark: 'passed', text: nobody(items)});
  return remarks;
}

function nobody(items: readonly PreviewItem[]): string {
  const [only] = items;
  if (items.length === 1 && only) {
    return only.step.do === 'create'
      ? `Nobody else manages this new ${only.ref.kind}.`
      : `Nobody else manages this ${only.ref.kind}.`;
  }
  return `Nobody else manages any of the ${items.length}.`;
}
