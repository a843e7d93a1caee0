import {alertReceivers} from '../../controls/alert-receivers.ts';
import {testControl} from '../helpers/test-control.ts';

const cluster = (labels = '{}'): string => `
apiVersion: v1
kind: Namespace
metadata: {name: kube-system, labels: ${labels}}
`;
const manager = (
  volume: string,
  image = 'quay.io/prometheus/alertmanager:v0.30.0',
  labels = '{app: am}',
): string => `
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: am, namespace: watch, labels: ${labels}}
spec:
  selector: {matchLabels: {app: am}}
  template:
    metadata: {labels: {app: am}}
    spec: {containers: [{name: am, image: '${image}'}], volumes: [{name: c, ${volume}}]}
`;
const config = (receivers: string, route = 'people'): string => `
---
apiVersion: v1
kind: ConfigMap
metadata: {name: am, namespace: watch}
data:
  alertmanager.yml: |
    route: {receiver: ${route}, routes: [{receiver: nobody, matchers: [alertname="Watchdog"]}]}
    receivers:
    - name: nobody
    - name: people
${receivers}
`;
const slack = "      slack_configs:\n      - channel: '#alarm'";
const mounted = 'configMap: {name: am}';
const failed = (found: string) => [`Namespace//kube-system metadata.name: ${found}`];
const sidekick = (env: string): string => `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: kick, namespace: watch}
spec:
  template:
    spec: {containers: [{name: kick, image: 'falcosecurity/falcosidekick:2.32', env: [${env}]}]}
`;

testControl(alertReceivers, [
  {
    name: 'fails where nothing sends alerts',
    objects: cluster(),
    counted: 1,
    findings: failed('neither Alertmanager nor Falcosidekick runs'),
    manual: ['a receiver that wakes somebody'],
  },
  {
    name: 'passes with a receiver that sends',
    objects: cluster() + manager(mounted) + config(slack),
    findings: [],
  },
  {
    name: 'fails with a receiver without anything behind its name',
    objects: cluster() + manager(mounted) + config('      # slack_configs: later'),
    findings: failed('am runs without a receiver'),
  },
  {
    name: 'fails with a receiver that no route names',
    objects: cluster() + manager(mounted) + config(slack, 'nobody'),
    findings: failed('am runs without a receiver'),
  },
  {
    name: 'fails with a configuration that nothing mounts',
    objects: cluster() + manager('configMap: {name: other}') + config(slack),
    findings: failed('am runs without a receiver'),
  },
  {
    name: 'passes with an AlertmanagerConfig that sends',
    objects: `${cluster()}${manager('secret: {secretName: generated}')}
---
apiVersion: monitoring.coreos.com/v1alpha1
kind: AlertmanagerConfig
metadata: {name: people, namespace: watch}
spec: {route: {receiver: people}, receivers: [{name: people, webhookConfigs: [{url: https://example.org}]}]}
`,
    findings: [],
  },
  {
    name: 'is not evaluated where the receivers are in a Secret',
    objects: cluster() + manager('secret: {secretName: am}'),
    findings: [],
    notEvaluated:
      'Alertmanager watch/am has its receivers in a Secret, which kubekata does not read: see them with amtool config show, and write an attestation.',
  },
  {
    name: 'passes with Falcosidekick that has an address',
    objects: cluster() + sidekick('{name: SLACK_WEBHOOKURL, valueFrom: {secretKeyRef: {name: s, key: url}}}'),
    findings: [],
  },
  {
    name: 'fails with one that has none',
    objects: cluster() + sidekick("{name: SLACK_WEBHOOKURL, value: ''}"),
    findings: failed('kick runs without a receiver'),
  },
  {
    name: 'fails with labels and a configuration that claim it, of another program',
    objects:
      cluster('{alerting: pagerduty}') +
      manager(mounted, 'busybox:1.37', '{app.kubernetes.io/name: alertmanager}') +
      config(slack),
    findings: failed('neither Alertmanager nor Falcosidekick runs'),
  },
  {
    name: 'is not evaluated on manifests',
    objects: manager(mounted),
    findings: [],
    notEvaluated:
      'Namespace kube-system is not among what was read, so what the cluster runs is not known: look at the cluster itself, not at its manifests.',
  },
]);
