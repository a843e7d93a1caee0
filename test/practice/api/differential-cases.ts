import {podCases} from './differential-pod-cases.ts';
import {
  apps,
  batch,
  type Case,
  container,
  create,
  deployment,
  dry,
  job,
  meta,
  networking,
  ns,
  pod,
  rbac,
  strict,
  workload,
} from './differential-requests.ts';
import {storyCases} from './differential-story-cases.ts';

const metadataCases: readonly Case[] = [
  create('name: capitals', `${ns}/configmaps${dry}`, meta('Foo')),
  create('name: none', `${ns}/configmaps${dry}`, {metadata: {}}),
  create('name: generated', `${ns}/configmaps${dry}`, {metadata: {generateName: 'foo-'}}),
  create('name: too long', `${ns}/configmaps${dry}`, meta('a'.repeat(254))),
  create('label: bad value', `${ns}/configmaps${dry}`, meta('a', {labels: {a: 'b c'}})),
  create('label: bad key', `${ns}/configmaps${dry}`, meta('a', {labels: {'d e': 'f'}})),
  create('annotation: bad key', `${ns}/configmaps${dry}`, meta('a', {annotations: {'a b': 'c'}})),
  create('resourceVersion on create', `${ns}/configmaps${dry}`, meta('a', {resourceVersion: '1'})),
  create('other namespace', `${ns}/configmaps${dry}`, meta('a', {namespace: 'other'})),
  create('missing namespace', '/api/v1/namespaces/nope/configmaps', meta('a')),
  create('finalizers', `${ns}/configmaps${dry}`, meta('a', {finalizers: ['foo']})),
  create(
    'owner without name',
    `${ns}/configmaps${dry}`,
    meta('a', {ownerReferences: [{apiVersion: 'v1', kind: 'Pod'}]}),
  ),
  create('other kind', `${ns}/configmaps${dry}`, {apiVersion: 'v1', kind: 'Secret', ...meta('a')}),
  create('other version', `${ns}/configmaps${dry}`, {apiVersion: 'apps/v1', kind: 'ConfigMap', ...meta('a')}),
  create('unknown field, strict', `${ns}/configmaps${strict}&dryRun=All`, {
    ...meta('a'),
    foo: 1,
    data: {a: 'b'},
  }),
  create('unknown field, warn', `${ns}/configmaps${dry}`, {...meta('a', {foo: {bar: 1}}), bar: 1}),
  create(
    'unknown fields deep, strict',
    `${ns}/pods${strict}&dryRun=All`,
    pod('a', {foo: 1}, {bar: {a: 1}, ports: [{x: 1, containerPort: 8}]}),
  ),
  create('wrong types: string for number', `${apps}/deployments${dry}`, deployment('a', {replicas: '1'})),
  create(
    'wrong types: object for list',
    `${apps}/deployments${dry}`,
    deployment('a', {template: {spec: {containers: {a: 1}}}}),
  ),
  create('wrong types: number for string', `${ns}/configmaps${dry}`, {...meta('a'), data: {a: 1}}),
  create('wrong types: float', `${apps}/deployments${dry}`, deployment('a', {replicas: 1.5})),
  create('wrong types: boolean', `${ns}/pods${dry}`, pod('a', {hostNetwork: 'true'})),
  create('wrong types: list for struct', `${ns}/pods${dry}`, pod('a', {securityContext: []})),
  create('wrong types: time', `${ns}/pods${dry}`, {
    ...pod('a'),
    metadata: {name: 'a', creationTimestamp: 'x'},
  }),
  create('wrong types: labels', `${ns}/configmaps${dry}`, meta('a', {labels: ['a']})),
  create('config map keys', `${ns}/configmaps${dry}`, {...meta('a'), data: {'a b': 'c'}}),
  create('secret', `${ns}/secrets${dry}`, {...meta('a'), stringData: {a: 'b'}, data: {c: 'ZA=='}}),
  create('secret not base64', `${ns}/secrets${dry}`, {...meta('a'), data: {c: 'x!'}}),
  create('tls secret', `${ns}/secrets${dry}`, {...meta('a'), type: 'kubernetes.io/tls', data: {}}),
];

const workloadCases: readonly Case[] = [
  create('deployment', `${apps}/deployments${dry}`, deployment('d')),
  create('deployment: no selector', `${apps}/deployments${dry}`, deployment('d', {selector: null})),
  create('deployment: empty selector', `${apps}/deployments${dry}`, deployment('d', {selector: {}})),
  create(
    'deployment: other labels',
    `${apps}/deployments${dry}`,
    deployment('d', {selector: {matchLabels: {app: 'b'}}}),
  ),
  create('deployment: no template', `${apps}/deployments${dry}`, deployment('d', {template: {}})),
  create(
    'deployment: negative',
    `${apps}/deployments${dry}`,
    deployment('d', {
      replicas: -1,
      minReadySeconds: -1,
      revisionHistoryLimit: -1,
      progressDeadlineSeconds: 0,
    }),
  ),
  create(
    'deployment: restart policy',
    `${apps}/deployments${dry}`,
    deployment('d', {}, {restartPolicy: 'Never'}),
  ),
  create(
    'deployment: recreate',
    `${apps}/deployments${dry}`,
    deployment('d', {strategy: {type: 'Recreate'}}),
  ),
  create(
    'deployment: recreate with surge',
    `${apps}/deployments${dry}`,
    deployment('d', {strategy: {type: 'Recreate', rollingUpdate: {maxSurge: 1}}}),
  ),
  create(
    'deployment: no surge',
    `${apps}/deployments${dry}`,
    deployment('d', {strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0}}}),
  ),
  create('deployment: strategy', `${apps}/deployments${dry}`, deployment('d', {strategy: {type: 'Foo'}})),
  create(
    'deployment: host network',
    `${apps}/deployments${dry}`,
    deployment('d', {}, {hostNetwork: true, containers: [container({ports: [{containerPort: 80}]})]}),
  ),
  create(
    'deployment: container',
    `${apps}/deployments${dry}`,
    deployment('d', {}, {containers: [{name: 'x'}]}),
  ),
  create('replica set', `${apps}/replicasets${dry}`, workload('ReplicaSet', 'd', {replicas: 0})),
  create('daemon set', `${apps}/daemonsets${dry}`, workload('DaemonSet', 'd', {}, {nodeSelector: {a: 'b'}})),
  create(
    'daemon set: selector',
    `${apps}/daemonsets${dry}`,
    workload('DaemonSet', 'd', {selector: {matchLabels: {x: 'y'}}}),
  ),
  create(
    'stateful set',
    `${apps}/statefulsets${dry}`,
    workload('StatefulSet', 'd', {
      replicas: 0,
      serviceName: 's',
      volumeClaimTemplates: [
        {
          metadata: {name: 'v'},
          spec: {accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '1Gi'}}},
        },
      ],
    }),
  ),
  create('stateful set: name', `${apps}/statefulsets${dry}`, workload('StatefulSet', 'a.b', {replicas: 0})),
  create(
    'stateful set: policy',
    `${apps}/statefulsets${dry}`,
    workload('StatefulSet', 'd', {replicas: 0, podManagementPolicy: 'X', updateStrategy: {type: 'Y'}}),
  ),
  create('job', `${batch}/jobs${dry}`, job('j')),
  create('job: restart policy', `${batch}/jobs${dry}`, job('j', {}, {})),
  create(
    'job: negative',
    `${batch}/jobs${dry}`,
    job('j', {completions: -1, parallelism: -1, backoffLimit: -1}),
  ),
  create('job: indexed', `${batch}/jobs${dry}`, job('j', {completionMode: 'Indexed'})),
  create('cron job', `${batch}/cronjobs${dry}`, {
    ...meta('c'),
    spec: {
      schedule: '*/5 * * * *',
      jobTemplate: {spec: {template: {spec: {restartPolicy: 'Never', containers: [container()]}}}},
    },
  }),
  create('cron job: schedule', `${batch}/cronjobs${dry}`, {
    ...meta('c'),
    spec: {
      schedule: 'x',
      jobTemplate: {spec: {template: {spec: {restartPolicy: 'Never', containers: [container()]}}}},
    },
  }),
  create('cron job: no schedule', `${batch}/cronjobs${dry}`, {
    ...meta('c'),
    spec: {
      schedule: '',
      concurrencyPolicy: 'X',
      jobTemplate: {spec: {template: {spec: {containers: [container()]}}}},
    },
  }),
];

const otherCases: readonly Case[] = [
  create('service', `${ns}/services${dry}`, {...meta('s'), spec: {selector: {a: 'b'}, ports: [{port: 80}]}}),
  create('service: no ports', `${ns}/services${dry}`, {...meta('s'), spec: {}}),
  create('service: bad', `${ns}/services${dry}`, {
    ...meta('s'),
    spec: {type: 'Foo', ports: [{port: 0}, {port: 80, protocol: 'X', targetPort: 99999}]},
  }),
  create('service: names of ports', `${ns}/services${dry}`, {
    ...meta('s'),
    spec: {ports: [{port: 80}, {port: 80, name: 'b'}]},
  }),
  create('service: name', `${ns}/services${dry}`, {...meta('1s.x'), spec: {ports: [{port: 80}]}}),
  create('service: node port', `${ns}/services${dry}`, {
    ...meta('s'),
    spec: {type: 'NodePort', ports: [{port: 80, nodePort: 80}]},
  }),
  create('service: headless', `${ns}/services${dry}`, {
    ...meta('s'),
    spec: {clusterIP: 'None', selector: {a: 'b'}},
  }),
  create('service: external name', `${ns}/services${dry}`, {
    ...meta('s'),
    spec: {type: 'ExternalName', externalName: 'example.com'},
  }),
  create('network policy', `${networking}/networkpolicies${dry}`, {
    ...meta('n'),
    spec: {podSelector: {}, egress: [{ports: [{port: 53}]}]},
  }),
  create('network policy: empty', `${networking}/networkpolicies${dry}`, {
    ...meta('n'),
    spec: {podSelector: {}},
  }),
  create('network policy: bad', `${networking}/networkpolicies${dry}`, {
    ...meta('n'),
    spec: {
      podSelector: {},
      policyTypes: ['Foo'],
      ingress: [
        {from: [{}], ports: [{port: 0}, {protocol: 'X', port: 'y'}]},
        {from: [{ipBlock: {cidr: 'x'}}]},
      ],
    },
  }),
  create('ingress', `${networking}/ingresses${dry}`, {
    ...meta('i'),
    spec: {
      rules: [
        {
          host: 'a.b',
          http: {
            paths: [{path: '/', pathType: 'Prefix', backend: {service: {name: 's', port: {number: 80}}}}],
          },
        },
      ],
    },
  }),
  create('ingress: empty', `${networking}/ingresses${dry}`, {...meta('i'), spec: {}}),
  create('ingress: path type', `${networking}/ingresses${dry}`, {
    ...meta('i'),
    spec: {rules: [{http: {paths: [{path: 'x', backend: {service: {name: 's', port: {number: 80}}}}]}}]},
  }),
  create('role', `${rbac}/roles${dry}`, {
    ...meta('r'),
    rules: [{apiGroups: [''], resources: ['pods'], verbs: ['get']}],
  }),
  create('role: empty', `${rbac}/roles${dry}`, {...meta('r')}),
  create('role: bad', `${rbac}/roles${dry}`, {
    ...meta('r'),
    rules: [{}, {verbs: ['get'], nonResourceURLs: ['/x']}, {verbs: ['get'], apiGroups: ['']}],
  }),
  create('role binding', `${rbac}/rolebindings${dry}`, {
    ...meta('r'),
    roleRef: {kind: 'Role', name: 'r'},
    subjects: [
      {kind: 'User', name: 'u'},
      {kind: 'ServiceAccount', name: 's', namespace: 'x'},
      {kind: 'Group', name: 'g'},
    ],
  }),
  create('role binding: bad', `${rbac}/rolebindings${dry}`, {
    ...meta('r'),
    roleRef: {kind: 'Foo', name: ''},
    subjects: [
      {kind: 'ServiceAccount', name: 's'},
      {kind: 'X', name: ''},
    ],
  }),
  create('limit range', `${ns}/limitranges${dry}`, {
    ...meta('l'),
    spec: {limits: [{type: 'Container', max: {cpu: '1'}, min: {memory: '16Mi'}}]},
  }),
  create('limit range: bad', `${ns}/limitranges${dry}`, {
    ...meta('l'),
    spec: {
      limits: [
        {
          type: 'Container',
          max: {cpu: '1'},
          min: {cpu: '2'},
          default: {cpu: '3'},
          defaultRequest: {cpu: '4'},
        },
      ],
    },
  }),
  create('resource quota', `${ns}/resourcequotas${dry}`, {
    ...meta('q'),
    spec: {hard: {pods: 5, 'limits.memory': '1000Mi'}},
  }),
  create('resource quota: bad', `${ns}/resourcequotas${dry}`, {
    ...meta('q'),
    spec: {hard: {foo: '1'}},
  }),
  create('service account', `${ns}/serviceaccounts${dry}`, {
    ...meta('sa'),
    automountServiceAccountToken: false,
  }),
  create('claim', `${ns}/persistentvolumeclaims${dry}`, {
    ...meta('v'),
    spec: {accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '1Gi'}}},
  }),
  create('claim: bad', `${ns}/persistentvolumeclaims${dry}`, {...meta('v'), spec: {}}),
  create('budget', `/apis/policy/v1/namespaces/$ns/poddisruptionbudgets${dry}`, {
    ...meta('b'),
    spec: {minAvailable: 1, selector: {matchLabels: {a: 'b'}}},
  }),
  create('budget: both', `/apis/policy/v1/namespaces/$ns/poddisruptionbudgets${dry}`, {
    ...meta('b'),
    spec: {minAvailable: 1, maxUnavailable: '50%'},
  }),
  create('autoscaler', `/apis/autoscaling/v2/namespaces/$ns/horizontalpodautoscalers${dry}`, {
    ...meta('h'),
    spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'd'}},
  }),
  create('autoscaler: bad', `/apis/autoscaling/v2/namespaces/$ns/horizontalpodautoscalers${dry}`, {
    ...meta('h'),
    spec: {maxReplicas: 0, minReplicas: -1, scaleTargetRef: {}},
  }),
  create('namespace', `/api/v1/namespaces${dry}`, meta('foo')),
  create('namespace: name', `/api/v1/namespaces${dry}`, meta('foo.bar')),
  create(
    'namespace: level',
    `/api/v1/namespaces${dry}`,
    meta('foo', {labels: {'pod-security.kubernetes.io/enforce': 'x'}}),
  ),
  create('lease', `/apis/coordination.k8s.io/v1/namespaces/$ns/leases${dry}`, {
    ...meta('l'),
    spec: {holderIdentity: 'x', renewTime: '2026-01-01T00:00:00Z'},
  }),
  create('priority class', `/apis/scheduling.k8s.io/v1/priorityclasses${dry}`, {...meta('pc'), value: 5}),
  create('storage class', `/apis/storage.k8s.io/v1/storageclasses${dry}`, {
    ...meta('sc'),
    provisioner: 'x/y',
  }),
  create('event', `${ns}/events${dry}`, {
    ...meta('e'),
    involvedObject: {kind: 'Pod', name: 'p', namespace: '$ns'},
    reason: 'R',
    message: 'm',
    type: 'Normal',
  }),
  create('webhook', `/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations${dry}`, {
    ...meta('w'),
    webhooks: [
      {
        name: 'a.b.c',
        clientConfig: {service: {name: 's', namespace: 'n'}},
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        rules: [{apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE']}],
      },
    ],
  }),
];

export const cases: readonly Case[] = [
  ...podCases,
  ...metadataCases,
  ...workloadCases,
  ...otherCases,
  ...storyCases,
];
