import type {Fix} from '../../src/engine/change.ts';
import type {ControlMeta, Failure, Finding, View} from '../../src/engine/control.ts';
import {type Component, componentOf, flagIndex, flagValue} from '../../src/engine/derive.ts';
import {asObject, asString} from '../../src/engine/json.ts';
import type {Resource} from '../../src/engine/objects.ts';
import {podTemplate} from '../../src/engine/pod-spec.ts';

const isApiServer = (resource: Resource): boolean => componentOf(resource).component === 'kube-apiserver';

/** Why the API server's flags are not known; it depends on who runs it. */
function unseen(view: View): string | undefined {
  if (view.list('Component').some(isApiServer)) return undefined;
  const nodes = view.list('Node').map(({object}) => asString(asObject(object.spec).providerID));
  const where = nodes.some((id) => /^(aws|azure|gce|ibm|oci|digitalocean):/.test(id))
    ? 'The provider runs this API server, so its flags are not readable from here: ask the provider, or its console.'
    : 'No static pod of a kube-apiserver is visible in kube-system, so its flags are not known: read them on a control-plane node, with ps -o args= -C kube-apiserver.';
  return where;
}

/** Counts the API servers that are seen; without any, the control is not evaluated. */
export const overApiServers = {
  kinds: ['Component'],
  counts: isApiServer,
  unavailable: unseen,
};

/** A finding at a flag of the command line, or where it would have to be. */
export function atFlag<Id extends string>(message: Id, resource: Resource, flag: string): Finding<Id> {
  const component = componentOf(resource);
  const index = flagIndex(component.command, flag);
  return {
    message,
    path: index < 0 ? component.flagsPath : (component.wordPaths[index] ?? component.flagsPath),
    found: index < 0 ? 'not set' : (flagValue(component.command, flag) ?? ''),
    data: {server: `${resource.namespace}/${resource.name}`},
  };
}

export const flagOf = (resource: Resource, flag: string): string | undefined =>
  flagValue(componentOf(resource).command, flag);

/** `[1, 36]` from the tag of its image; undefined where that tells no version. */
export function versionOf({image}: Component): readonly [number, number] | undefined {
  const match = /:v?(\d+)\.(\d+)/.exec(image);
  return match === null ? undefined : [Number(match[1]), Number(match[2])];
}

/** Where the kubelet of a node reads the API server's pod from, as kubeadm puts it. */
export const apiServerFile = '/etc/kubernetes/manifests/kube-apiserver.yaml';

/** A fix on the node of each API server: steps only, because no API reaches that file. */
export const onTheNode = (
  meta: ControlMeta,
  failures: readonly Failure[],
  view: View,
  summary: string,
  steps: (resource: Resource) => readonly string[],
): readonly Fix[] =>
  failures.map(({resource}) => {
    const pod = view.get('Pod', resource.namespace, resource.name);
    const node = pod ? asString(podTemplate(pod).spec.nodeName) : '';
    const copy = `Log in to ${node ? `node ${node}` : 'the control-plane node'} and copy ${apiServerFile} to a folder outside /etc/kubernetes/manifests: a broken file there stops the API server.`;
    return {
      approach: 'in the file of the node',
      summary,
      kind: 'manual',
      scope: 'cluster',
      change: {id: `${meta.id} in the file of the node ${resource.key}`, steps: []},
      clears: [],
      asks: [],
      steps: [copy, ...steps(resource)],
    };
  });
