import {type ControlMeta, defineControl, type View} from '../src/engine/control.ts';
import type {Resource} from '../src/engine/objects.ts';
import {podTemplate} from '../src/engine/pod-spec.ts';
import {hostFolders, isControlPlane, nodesWithout} from './shared/agents.ts';
import {apiServerFile, atFlag, flagOf, onTheNode, overServers, serverNeeds} from './shared/component.ts';
import {posixFolderOf} from './shared/folders.ts';

const webhook = 'audit-webhook-config-file';
const log = 'audit-log-path';

const meta = {
  id: 'audit-shipped',
  title: 'Audit log shipped off its host',
  practice: 'siem',
  baseScore: 5,
  needs: [...serverNeeds, 'DaemonSet'],
  messages: {
    unrecorded:
      'The API server {server} ({source}) has no audit log to ship: --audit-log-path is {found}, and there is no webhook.',
    local:
      'The API server {server} ({source}) writes its audit log to {found}, and nothing takes it from there: who takes the node over rewrites it. Let a collector on the control plane read that folder, or use the webhook.',
  },
  references: [
    'Kubernetes Hardening Guidance, Audit logging and threat detection: SIEM platforms',
    'https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/#audit-backends',
  ],
} satisfies ControlMeta;

/** Whether a DaemonSet that runs on every node of the control plane reads the folder, or one above it. */
function isRead(folder: string, view: View): boolean {
  const nodes = view.list('Node').filter(isControlPlane);
  const reads = (daemonSet: Resource): boolean =>
    podTemplate(daemonSet).containers.some((container) =>
      hostFolders(daemonSet, container).some(
        (own) => own !== '/' && (folder === own || folder.startsWith(`${own}/`)),
      ),
    );
  return view.list('DaemonSet').some((one) => reads(one) && nodesWithout(one, nodes).length === 0);
}

export const auditShipped = defineControl({
  meta,
  ...overServers(),
  *check(resource, view) {
    if (flagOf(resource, webhook)) return;
    const path = flagOf(resource, log);
    if (!path) yield atFlag('unrecorded', resource, log);
    // To its own output it goes with the logs of the pod.
    else if (!isRead(path === '-' ? '/var/log/pods' : posixFolderOf(path), view))
      yield atFlag('local', resource, log);
  },
  fixes: (failures, view) =>
    onTheNode(meta, failures, view, 'takes the audit log off the node', () => [
      `Without an audit log: see C-0067. In ${apiServerFile}, write it to a folder below /var/log that is mounted by hostPath.`,
      'Let the log collector run on the control plane (tolerations [{operator: Exists}]) with that folder mounted readOnly, and send it to a place that the cluster may not rewrite.',
      'Or, in place of the file: --audit-webhook-config-file with a kubeconfig of the receiver, in batch mode.',
      'Verify: kubectl create configmap audit-probe && kubectl delete configmap audit-probe, and both requests are found in the SIEM.',
    ]),
});
