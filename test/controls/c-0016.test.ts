import {c0016, c0016of2021} from '../../controls/c-0016.ts';
import {testControl} from '../helpers/test-control.ts';

const deployment = (template: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: ${template}
`;

const withInit = deployment(`{
      initContainers: [{name: prepare, image: a}],
      containers: [{name: web, image: a, securityContext: {allowPrivilegeEscalation: false}}]}`);

testControl(c0016of2021, [
  {name: 'looks at containers only: an init container passes', objects: withInit, counted: 1, findings: []},
]);

testControl(c0016, [
  {
    name: 'fails without the field, and sets it in every container that lacks it',
    objects: deployment('{containers: [{name: web, image: a}, {name: log, image: b}]}'),
    counted: 1,
    findings: [
      'Deployment/shop/web spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation: not set',
      'Deployment/shop/web spec.template.spec.containers[1].securityContext.allowPrivilegeEscalation: not set',
    ],
    fixed: [
      {
        approach: 'at each container',
        objects: deployment(`{containers: [
          {name: web, image: a, securityContext: {allowPrivilegeEscalation: false}},
          {name: log, image: b, securityContext: {allowPrivilegeEscalation: false}}]}`),
        leaves: [],
      },
    ],
  },
  {
    name: 'passes where every container says false',
    objects: deployment(
      '{containers: [{name: web, image: a, securityContext: {allowPrivilegeEscalation: false}}]}',
    ),
    counted: 1,
    findings: [],
  },
  {
    name: 'fails at true, and leaves the other fields as they are',
    objects: deployment(
      '{containers: [{name: web, image: a, securityContext: {allowPrivilegeEscalation: true, runAsUser: 1000}}]}',
    ),
    findings: [
      'Deployment/shop/web spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation: true',
    ],
    fixed: [
      {
        approach: 'at each container',
        objects: deployment(
          '{containers: [{name: web, image: a, securityContext: {allowPrivilegeEscalation: false, runAsUser: 1000}}]}',
        ),
      },
    ],
  },
  {
    name: 'takes privileged away too, because the API refuses both together',
    objects: deployment('{containers: [{name: web, image: a, securityContext: {privileged: true}}]}'),
    findings: [
      'Deployment/shop/web spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation: not set',
    ],
    fixed: [
      {
        approach: 'at each container',
        objects: deployment(
          '{containers: [{name: web, image: a, securityContext: {privileged: false, allowPrivilegeEscalation: false}}]}',
        ),
      },
    ],
  },
  {
    name: 'takes CAP_SYS_ADMIN away, which the API refuses beside it, and keeps SYS_ADMIN, which it accepts',
    objects: deployment(`{containers: [
      {name: a, image: a, securityContext: {capabilities: {add: [CAP_SYS_ADMIN, CHOWN]}}},
      {name: b, image: b, securityContext: {capabilities: {add: [SYS_ADMIN]}}}]}`),
    findings: [
      'Deployment/shop/web spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation: not set',
      'Deployment/shop/web spec.template.spec.containers[1].securityContext.allowPrivilegeEscalation: not set',
    ],
    fixed: [
      {
        approach: 'at each container',
        objects: deployment(`{containers: [
          {name: a, image: a, securityContext: {allowPrivilegeEscalation: false, capabilities: {add: [CHOWN]}}},
          {name: b, image: b, securityContext: {allowPrivilegeEscalation: false, capabilities: {add: [SYS_ADMIN]}}}]}`),
      },
    ],
  },
  {
    name: 'looks at init containers',
    objects: withInit,
    findings: [
      'Deployment/shop/web spec.template.spec.initContainers[0].securityContext.allowPrivilegeEscalation: not set',
    ],
  },
  {
    name: 'passes in a Windows pod, where the API refuses the field',
    objects: deployment('{os: {name: windows}, containers: [{name: web, image: a}]}'),
    counted: 1,
    findings: [],
  },
  {
    name: 'judges a ReplicaSet of a Deployment at the Deployment, and one that stands alone by itself',
    objects: `
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web-1, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web}]}
spec: {template: {spec: {containers: [{name: web, image: a}]}}}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: old, namespace: shop}
spec: {template: {spec: {containers: [{name: web, image: a}]}}}
`,
    counted: 1,
    findings: [
      'ReplicaSet/shop/old spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation: not set',
    ],
  },
  {
    name: 'recreates a pod that stands alone, without the ephemeral containers that no API accepts on create',
    objects: `
apiVersion: v1
kind: Pod
metadata: {name: toolbox, namespace: shop}
spec:
  containers: [{name: shell, image: a}]
  ephemeralContainers: [{name: debug, image: b}]
`,
    findings: [
      'Pod/shop/toolbox spec.containers[0].securityContext.allowPrivilegeEscalation: not set',
      'Pod/shop/toolbox spec.ephemeralContainers[0].securityContext.allowPrivilegeEscalation: not set',
    ],
    fixed: [
      {
        approach: 'at each container',
        objects: `
apiVersion: v1
kind: Pod
metadata: {name: toolbox, namespace: shop}
spec:
  containers: [{name: shell, image: a, securityContext: {allowPrivilegeEscalation: false}}]
`,
      },
    ],
  },
  {
    name: 'tells the steps for a pod from a file of the node, and for one that a Workflow makes',
    objects: `
apiVersion: v1
kind: Pod
metadata: {name: etcd-rpi-1, namespace: kube-system, annotations: {kubernetes.io/config.mirror: abc}}
spec: {nodeName: rpi-1, containers: [{name: etcd, image: a}]}
---
apiVersion: v1
kind: Pod
metadata:
  name: build-1
  namespace: shop
  ownerReferences: [{apiVersion: argoproj.io/v1alpha1, kind: Workflow, name: build}]
spec: {containers: [{name: main, image: a}]}
`,
    findings: [
      'Pod/kube-system/etcd-rpi-1 spec.containers[0].securityContext.allowPrivilegeEscalation: not set',
      'Pod/shop/build-1 spec.containers[0].securityContext.allowPrivilegeEscalation: not set',
    ],
    manual: ['in the file of the node', 'at what makes the pod'],
  },
  {
    name: 'reaches into a CronJob',
    objects: `
apiVersion: batch/v1
kind: CronJob
metadata: {name: backup, namespace: shop}
spec: {schedule: "0 3 * * *", jobTemplate: {spec: {template: {spec: {containers: [{name: main, image: a}]}}}}}
`,
    findings: [
      'CronJob/shop/backup spec.jobTemplate.spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation: not set',
    ],
    fixed: [
      {
        approach: 'at each container',
        objects: `
apiVersion: batch/v1
kind: CronJob
metadata: {name: backup, namespace: shop}
spec:
  schedule: "0 3 * * *"
  jobTemplate: {spec: {template: {spec: {containers: [
    {name: main, image: a, securityContext: {allowPrivilegeEscalation: false}}]}}}}
`,
      },
    ],
  },
  {
    name: 'counts no PodSecurityPolicy, which no API server serves any more',
    objects:
      'apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nmetadata: {name: p}\nspec: {privileged: true}',
    counted: 0,
    findings: [],
  },
]);
