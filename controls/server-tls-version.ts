import {flagControl} from './shared/flag-control.ts';

export const serverTlsVersion = flagControl({
  id: 'server-tls-version',
  title: 'API server TLS version',
  practice: 'control-plane',
  baseScore: 5,
  flag: 'tls-min-version',
  isBad: (value) => value === 'VersionTLS10' || value === 'VersionTLS11',
  message:
    'The API server {server} ({source}) accepts {found}, which is broken: set --tls-min-version to VersionTLS12 or VersionTLS13.',
  summary: 'accepts TLS 1.2 or newer only',
  edit: 'set --tls-min-version=VersionTLS13, or VersionTLS12 where an old client needs it.',
  verify: 'openssl s_client -connect HOST:6443 -tls1_1 </dev/null fails, kubectl version works.',
  change: () => ({
    flags: {'tls-min-version': 'VersionTLS12'},
    consequence: 'Clients that speak TLS 1.1 or older can not connect any more.',
  }),
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Control plane hardening',
    'https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/',
  ],
});
