import type {Step} from '../kubectl-both.ts';

export const pause = 'registry.k8s.io/pause:3.10';

export const deployment = (name: string, more = ''): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, labels: {part: ${name}}}
spec:
  replicas: 2
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{name: ${name}, image: "${pause}"${more}}]
`;

export const map = (name: string, value: string, labels = ''): string =>
  `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}${labels}}\ndata: {a: ${value}}\n`;

export const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';

export const available = (name: string): Step => ({
  run: `rollout status deployment/${name} --timeout=30s`,
  until: /successfully rolled out/,
  show: lastLine,
});
