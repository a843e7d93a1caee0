import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import {kubeconfigFileOf} from '../src/engine/kubeconfig-file.ts';
import {manualFix} from './shared/manual.ts';

const meta = {
  id: 'kubeconfig-files',
  title: 'Kubeconfig files for their owner alone',
  practice: 'authentication',
  baseScore: 6,
  needs: ['kubeconfig files'],
  messages: {
    readable:
      '{place} may be read or written by others than its owner: its mode is {found}. It holds what is needed to sign in as that user, or runs a program to get it; whoever copies or changes it is that user. Set 0600.',
  },
  references: [
    'Kubernetes Hardening Guidance, Authentication and authorization: Authentication',
    'https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/',
  ],
} satisfies ControlMeta;

const others = 0o077;

export const kubeconfigFiles = defineControl({
  meta,
  kinds: ['KubeconfigFile'],
  unavailable: (view) =>
    view.list('KubeconfigFile').length > 0
      ? undefined
      : 'No kubeconfig file is seen: standard input, manifests and Windows tell no mode. On each machine that has one, ls -l ~/.kube/config /etc/kubernetes/*.conf shows it.',
  evidence: (resource) => {
    const {node} = kubeconfigFileOf(resource);
    return `known from the file itself, on ${node === '' ? 'this machine; those of other people and nodes are not seen' : `node ${node}`}`;
  },
  *check(resource) {
    const {node, path, mode} = kubeconfigFileOf(resource);
    if ((Number.parseInt(mode, 8) & others) === 0) return;
    const place = node === '' ? `Kubeconfig ${path} of this machine` : `Kubeconfig ${path} of node ${node}`;
    yield {message: 'readable', path: ['mode'], found: mode, data: {place}};
  },
  fixes: (failures) =>
    failures.map(({resource}) => {
      const {node, path} = kubeconfigFileOf(resource);
      const on = node === '' ? '' : `on node ${node}, `;
      return manualFix(meta, resource.key, {
        approach: 'for its owner alone',
        summary: 'takes the file from everybody else',
        steps: [
          `See who owns it, and who could read it so far: ${on}ls -l ${path}`,
          node === ''
            ? `chmod 600 ${path}`
            : `On node ${node}: chmod 600 ${path} && chown root:root ${path}. The files of a practice node lie beside the kubeconfig: chmod 600 "$(dirname "$KUBECONFIG")/nodes/${node}${path}"`,
          'Where others could read it on a shared machine or in a backup, it counts as copied: ask for another certificate or token, and take the rights of the old user out of each binding.',
          `Verify: ${on}stat -c %a ${path} prints 600, and kubectl --kubeconfig ${path} version still answers.`,
        ],
      });
    }),
});
