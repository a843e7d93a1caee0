import {type ControlMeta, defineControl, type View} from '../src/engine/control.ts';
import {componentOf} from '../src/engine/derive.ts';
import {asObject, asString} from '../src/engine/json.ts';
import type {Resource} from '../src/engine/objects.ts';
import {versionOf} from './shared/component.ts';
import {manualFix} from './shared/manual.ts';

/** The oldest minor of 1 that still got fixes when this was written, in November 2026. */
const oldestMaintained = 35;
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
      'The kubelet of node {node} is {found}, a version that gets no fixes any more: whatever is found in it stays open. Upgrade to 1.35 or newer, one minor version at a time.',
    behind:
      'The kubelet of node {node} is {found}, more than three minor versions older than the API server ({server}): that is not supported. Upgrade the node.',
    ahead:
      'The kubelet of node {node} is {found}, newer than the API server ({server}): that is not supported. Upgrade the control plane first.',
  },
  references: [
    'Kubernetes Hardening Guidance, Upgrading and application security practices',
    'https://kubernetes.io/releases/version-skew-policy/',
  ],
} satisfies ControlMeta;

const kubeletVersion = ({object}: Resource): string =>
  asString(asObject(asObject(object.status).nodeInfo).kubeletVersion);

/** The oldest API server that is seen. */
function serverVersion(view: View): readonly [number, number] | undefined {
  return view
    .list('Component')
    .map(componentOf)
    .filter(({component}) => component === 'kube-apiserver')
    .flatMap((component) => [versionOf(component)].filter((one) => one !== undefined))
    .sort((a, b) => a[0] - b[0] || a[1] - b[1])[0];
}

export const nodeVersions = defineControl({
  meta,
  kinds: ['Node'],
  counts: (resource) => kubeletVersion(resource) !== '',
  unavailable: (view) =>
    view.list('Node').some((node) => kubeletVersion(node) !== '')
      ? undefined
      : 'No node tells its version: manifests name none.',
  *check(resource, view) {
    const found = kubeletVersion(resource);
    const [, minor] = /^v1\.(\d+)/.exec(found) ?? [];
    if (minor === undefined) return;
    const server = serverVersion(view);
    const path = ['status', 'nodeInfo', 'kubeletVersion'];
    const data = {node: resource.name, server: server?.join('.') ?? 'not seen'};
    if (server !== undefined && Number(minor) > server[1]) yield {message: 'ahead', path, found, data};
    else if (server !== undefined && server[1] - Number(minor) > mostBehind) {
      yield {message: 'behind', path, found, data};
    } else if (Number(minor) < oldestMaintained) yield {message: 'unmaintained', path, found, data};
  },
  fixes: (failures) =>
    failures.map(({resource: {name, key}}) =>
      manualFix(meta, key, {
        approach: 'upgrade the node',
        summary: 'upgrades the control plane, then this node, one minor version at a time',
        steps: [
          'Read the changelog for removed APIs, and see who still calls them: kubectl get --raw /metrics | grep apiserver_requested_deprecated_apis',
          'The control plane first: kubeadm upgrade plan, then kubeadm upgrade apply v1.N.x with a fresh copy of etcd (etcdctl snapshot save).',
          `Then the node: kubectl drain ${name} --ignore-daemonsets, kubeadm upgrade node, the new kubelet and kubectl packages, systemctl restart kubelet, kubectl uncordon ${name}.`,
          `Verify: kubectl get node ${name} shows the new version and Ready.`,
        ],
      }),
    ),
});
