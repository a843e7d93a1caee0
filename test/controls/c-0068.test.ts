import {c0068} from '../../controls/c-0068.ts';
import {testControl} from '../helpers/test-control.ts';
import {apiServer, unseen} from './api-server.ts';

const namespace = (name: string, labels = '{}') =>
  `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: ${labels}}\n`;
const pod = (space: string, spec: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: ${space}}\nspec: ${spec}\n`;
const all = (...documents: readonly string[]) => documents.join('---\n');
const bare = '{containers: [{name: c}]}';
const hardened =
  '{securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}, containers: [{name: c, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]}';
const id = 'Pod/kube-system/kube-apiserver-cp';
const at = (name: string) =>
  `${id} ["Namespace/${name}"].metadata.labels["pod-security.kubernetes.io/enforce"]`;
const enforce = (level: string) => `pod-security.kubernetes.io/enforce: ${level}`;
const warn = 'pod-security.kubernetes.io/warn: restricted';

testControl(c0068, [
  {
    name: 'fails for each namespace with pods and no label, and sets the strictest level that they pass',
    objects: all(
      apiServer([]),
      namespace('kube-system'),
      namespace('empty'),
      namespace('shop'),
      pod('shop', bare),
      namespace('safe', '{team: a}'),
      pod('safe', hardened),
    ),
    counted: 1,
    findings: [`${at('shop')}: not set`, `${at('safe')}: not set`],
    fixed: [
      {
        approach: 'label the namespace',
        objects: all(
          namespace('shop', `{${enforce('baseline')}, ${warn}}`),
          namespace('safe', `{team: a, ${enforce('restricted')}}`),
        ),
        leaves: [],
      },
    ],
  },
  {
    name: 'passes where every namespace with pods enforces baseline or restricted',
    objects: all(apiServer([]), namespace('shop', `{${enforce('baseline')}}`), pod('shop', bare)),
    findings: [],
  },
  {
    name: 'fails for a label that enforces nothing: privileged, misspelt, or of another mode',
    objects: all(
      apiServer([]),
      namespace('a', `{${enforce('privileged')}}`),
      pod('a', bare),
      namespace('b', `{${enforce('strict')}}`),
      pod('b', bare),
      namespace('c', `{${warn}}`),
      pod('c', bare),
    ),
    findings: [`${at('a')}: privileged`, `${at('b')}: strict`, `${at('c')}: not set`],
  },
  {
    name: 'asks to harden first where a workload breaks baseline, though no pod of it runs',
    objects: all(
      apiServer([]),
      namespace('shop'),
      pod('shop', bare),
      'apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: backup, namespace: shop}\nspec: {jobTemplate: {spec: {template: {spec: {hostPID: true, containers: [{name: c}]}}}}}\n',
    ),
    findings: [`${at('shop')}: not set`],
    manual: ['harden its pods first'],
  },
  {
    name: 'looks for PodSecurityPolicy before 1.23, where there was nothing else',
    objects: apiServer(['--enable-admission-plugins=NodeRestriction'], 'k8s.gcr.io/kube-apiserver:v1.20.7'),
    findings: [`${id} spec.containers[0].command[1]: NodeRestriction`],
    manual: ['a newer Kubernetes'],
  },
  {
    name: 'passes with PodSecurityPolicy while it existed',
    objects: all(
      apiServer(['--enable-admission-plugins=PodSecurityPolicy'], 'k8s.gcr.io/kube-apiserver:v1.24.1'),
      namespace('shop'),
      pod('shop', bare),
    ),
    findings: [],
  },
  {
    name: 'is not evaluated where a file of the node may set the defaults',
    objects: all(
      apiServer(['--admission-control-config-file=/etc/kubernetes/admission.yaml']),
      namespace('shop'),
      pod('shop', bare),
    ),
    findings: [],
    notEvaluated:
      'The API server reads /etc/kubernetes/admission.yaml of its node, which may set Pod Security defaults for namespaces without a label: look for PodSecurity in that file.',
  },
  {
    name: 'is not evaluated where no API server is visible',
    objects: namespace('shop'),
    findings: [],
    notEvaluated: unseen,
  },
]);
