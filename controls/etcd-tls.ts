import {flagControl, listed} from './shared/flag-control.ts';

export const etcdTls = flagControl({
  id: 'etcd-tls',
  title: 'TLS between API server and etcd',
  practice: 'encryption',
  baseScore: 8,
  flag: 'etcd-servers',
  isBad: (value, flag) =>
    !listed(value).every((url) => url.startsWith('https://') || url.startsWith('unix:')) ||
    !flag('etcd-cafile') ||
    !flag('etcd-certfile'),
  message:
    'The API server {server} ({source}) does not know for sure, or in private, which etcd it speaks to: --etcd-servers is {found}. Everything in the cluster passes there. Use https with --etcd-cafile, and a certificate of its own in --etcd-certfile.',
  summary: 'speaks to etcd by TLS, with an authority that it checks',
  edit: 'use https:// in --etcd-servers, and set --etcd-cafile, --etcd-certfile and --etcd-keyfile; etcd needs --client-cert-auth=true and --trusted-ca-file first.',
  verify: 'curl http://127.0.0.1:2379/version on the node fails, kubectl get --raw /readyz/etcd prints ok.',
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Encryption',
    'https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/',
  ],
});
