import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import {componentOf} from '../src/engine/derive.ts';
import {describeEvidence} from '../src/engine/evidence.ts';
import type {Resource} from '../src/engine/objects.ts';
import {atFlag, flagOf} from './shared/component.ts';
import {listed} from './shared/flag-control.ts';
import {manualFix} from './shared/manual.ts';

const meta = {
  id: 'etcd-clients',
  title: 'etcd asks who calls',
  practice: 'encryption',
  baseScore: 8,
  needs: ['arguments of etcd'],
  messages: {
    clear:
      'The etcd of {server} ({source}) listens without TLS: --{flag} is {found}. Whoever reaches that port reads and writes the whole cluster, past every rule of the API server. Use https.',
    anybody:
      'The etcd of {server} ({source}) serves whoever connects: --{flag} is {found}. Let it ask for a certificate of its own authority, with --{flag}=true and the authority in --{authority}.',
  },
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Encryption',
    'https://etcd.io/docs/v3.6/op-guide/security/',
  ],
} satisfies ControlMeta;

const isEtcd = (resource: Resource): boolean => componentOf(resource).component === 'etcd';

const doors = [
  {listen: 'listen-client-urls', ask: 'client-cert-auth', authority: 'trusted-ca-file'},
  {listen: 'listen-peer-urls', ask: 'peer-client-cert-auth', authority: 'peer-trusted-ca-file'},
] as const;

const isSafe = (url: string): boolean => url === '' || url.startsWith('https://') || url.startsWith('unixs:');

export const etcdClients = defineControl({
  meta,
  kinds: ['Component'],
  counts: isEtcd,
  unavailable: (view) =>
    view.list('Component').some(isEtcd)
      ? undefined
      : (view.gap('Pod') ??
        'No static pod of etcd is visible in kube-system: it runs as a service of its host, inside k3s, or at the provider. On its host, ps -o args= -C etcd shows its flags.'),
  evidence: (resource) => describeEvidence(componentOf(resource).evidence),
  *check(resource) {
    for (const {listen, ask, authority} of doors) {
      const urls = flagOf(resource, listen);
      const more = (flag: string) => ({flag, authority});
      if (!listed(urls).every(isSafe)) {
        const finding = atFlag('clear', resource, listen);
        yield {...finding, data: {...finding.data, ...more(listen)}};
        // A peer port without TLS is no door to clients: one finding says enough.
      } else if (urls !== undefined && (flagOf(resource, ask) !== 'true' || !flagOf(resource, authority))) {
        const finding = atFlag('anybody', resource, ask);
        yield {...finding, data: {...finding.data, ...more(ask)}};
      }
    }
  },
  fixes: (failures) =>
    failures.map(({resource}) =>
      manualFix(meta, resource.key, {
        approach: 'in the file of etcd',
        summary: 'lets in only who has a certificate of its own authority',
        scope: 'cluster',
        steps: [
          'Take a copy of the data first: etcdctl snapshot save /root/etcd.db, with the certificates of the API server.',
          'On each control-plane node, copy /etc/kubernetes/manifests/etcd.yaml out of that folder; in it, let --listen-client-urls and --listen-peer-urls be https, and set --client-cert-auth=true --trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt --peer-client-cert-auth=true --peer-trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt, beside the certificates and keys of both.',
          'The API server needs --etcd-cafile, --etcd-certfile and --etcd-keyfile before that (control etcd-tls); several members are changed one at a time.',
          'Verify on the node: curl -k https://127.0.0.1:2379/version fails for want of a certificate, and kubectl get --raw /readyz/etcd prints ok.',
        ],
      }),
    ),
});
