import {type ControlMeta, defineControl, type View} from '../src/engine/control.ts';
import {componentOf} from '../src/engine/derive.ts';
import {describeEvidence} from '../src/engine/evidence.ts';
import {longDate} from '../src/engine/exceptions.ts';
import {asObject, asString} from '../src/engine/json.ts';
import type {Resource} from '../src/engine/objects.ts';
import {overServers, versionOf} from './shared/component.ts';
import {manualFix} from './shared/manual.ts';
import {endOf, isMaintained, newestKnown, oldestMaintained} from './shared/releases.ts';

/** A kubelet may be this many minors older than the API server, and none newer. */
const mostBehind = 3;

const meta = {
  id: 'node-versions',
  title: 'Versions that get fixes, within the skew',
  practice: 'upgrading',
  baseScore: 6,
  needs: ['Node'],
  messages: {
    unmaintained:
      '{object} is {found}, which gets no fixes any more ({ended}): whatever is found in it stays open. Upgrade to {oldest} or newer, one minor version at a time.',
    behind:
      '{object} is {found}, more than three minor versions older than the API server ({server}): that is not supported. Upgrade the node.',
    ahead:
      '{object} is {found}, newer than the API server ({server}): that is not supported. Upgrade the control plane first.',
  },
  references: [
    'Kubernetes Hardening Guidance, Upgrading and application security practices',
    'https://kubernetes.io/releases/version-skew-policy/',
    'https://kubernetes.io/releases/',
  ],
} satisfies ControlMeta;

const servers = overServers((component) => (versionOf(component) === undefined ? undefined : 'proof'));

const kubeletVersion = ({object}: Resource): string =>
  asString(asObject(asObject(object.status).nodeInfo).kubeletVersion);

/** The minor of version 1 that a node or an API server has; undefined where it tells none. */
const minorOf = (resource: Resource): number | undefined => {
  if (resource.kind === 'Component') return versionOf(componentOf(resource))?.[1];
  const [, minor] = /^v1\.(\d+)/.exec(kubeletVersion(resource)) ?? [];
  return minor === undefined ? undefined : Number(minor);
};

/** The oldest API server that is seen. */
function serverVersion(view: View): readonly [number, number] | undefined {
  return view
    .list('Component')
    .map(componentOf)
    .filter(({component}) => component === 'kube-apiserver')
    .flatMap((component) => [versionOf(component)].filter((one) => one !== undefined))
    .sort((a, b) => a[0] - b[0] || a[1] - b[1])[0];
}

const counted = (resource: Resource, view: View): boolean =>
  minorOf(resource) !== undefined && (resource.kind === 'Node' || servers.counts(resource, view));

/** The newest minor whose end is not known on this day. */
const unknownMinor = (view: View, today: string): number | undefined =>
  [...view.list('Node'), ...view.list('Component')]
    .filter((one) => counted(one, view))
    .map(minorOf)
    .find((minor) => minor !== undefined && isMaintained(minor, today) === undefined);

export const nodeVersions = defineControl({
  meta,
  kinds: ['Node', 'Component'],
  counts: counted,
  unavailable(view) {
    if (!view.list('Node').some((node) => kubeletVersion(node) !== ''))
      return 'No node tells its version: manifests name none.';
    const today = view.settings?.today;
    const minor = today === undefined ? undefined : unknownMinor(view, today);
    return minor === undefined
      ? undefined
      : `Whether version 1.${minor} still gets fixes is not known: this kubekata knows the releases up to 1.${newestKnown}, whose fixes ended on ${longDate(endOf(newestKnown) ?? '')}. Take a newer kubekata, or see https://kubernetes.io/releases/.`;
  },
  *check(resource, view) {
    const minor = minorOf(resource);
    if (minor === undefined) return;
    const server = serverVersion(view);
    const isNode = resource.kind === 'Node';
    const path = isNode ? ['status', 'nodeInfo', 'kubeletVersion'] : ['version'];
    const found = isNode ? kubeletVersion(resource) : `1.${minor}`;
    const object = isNode
      ? `The kubelet of node ${resource.name}`
      : `The API server ${resource.name} (${describeEvidence(componentOf(resource).evidence)})`;
    const data = {object, server: server?.join('.') ?? 'not seen'};
    const today = view.settings?.today;
    if (isNode && server !== undefined && minor > server[1]) yield {message: 'ahead', path, found, data};
    else if (isNode && server !== undefined && server[1] - minor > mostBehind) {
      yield {message: 'behind', path, found, data};
    } else if (today !== undefined && isMaintained(minor, today) === false) {
      const end = endOf(minor);
      const ended = end === undefined || end === 'before' ? 'since years' : `since ${longDate(end)}`;
      const oldest = `1.${oldestMaintained(today) ?? newestKnown + 1}`;
      yield {message: 'unmaintained', path, found, data: {...data, ended, oldest}};
    }
  },
  fixes: (failures) =>
    failures.map(({resource: {kind, name, key}}) =>
      kind === 'Node'
        ? manualFix(meta, key, {
            approach: 'upgrade the node',
            summary: 'upgrades the control plane, then this node, one minor version at a time',
            steps: [
              ...controlPlane,
              `Then the node: kubectl drain ${name} --ignore-daemonsets, kubeadm upgrade node, the new kubelet and kubectl packages, systemctl restart kubelet, kubectl uncordon ${name}.`,
              `Verify: kubectl get node ${name} shows the new version and Ready.`,
            ],
          })
        : manualFix(meta, key, {
            approach: 'upgrade the control plane',
            summary: 'takes the API server to the next minor version, before its nodes',
            scope: 'cluster',
            steps: [...controlPlane, 'Verify: kubectl version shows the new version as that of the server.'],
          }),
    ),
});

const controlPlane = [
  'Read the changelog for removed APIs, and see who still calls them: kubectl get --raw /metrics | grep apiserver_requested_deprecated_apis',
  'The control plane first: kubeadm upgrade plan, then kubeadm upgrade apply v1.N.x with a fresh copy of etcd (etcdctl snapshot save).',
];
