import {flagControl} from './shared/flag-control.ts';

export const serverProfiling = flagControl({
  id: 'server-profiling',
  title: 'API server profiling',
  practice: 'control-plane',
  baseScore: 3,
  flag: 'profiling',
  isBad: (value) => value !== 'false',
  message:
    'The API server {server} ({source}) lets itself be profiled, --profiling is {found}: a profile tells how it works inside, and taking one costs time that requests need.',
  summary: 'switches profiling off',
  edit: 'add --profiling=false.',
  verify: 'kubectl get --raw /debug/pprof/ answers NotFound.',
  change: () => ({
    flags: {profiling: 'false'},
    consequence: 'Nobody can take a profile of the API server any more.',
  }),
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Control plane hardening',
    'https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/',
  ],
});
