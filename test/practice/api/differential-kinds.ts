import type {JsonObject} from '../../../src/engine/json.ts';
import {
  apps,
  batch,
  container,
  deployment,
  job,
  meta,
  networking,
  ns,
  pod,
  rbac,
  workload,
} from './differential-requests.ts';

/** A kind that requests are generated for, with a valid object of it that has many of its fields. */
export type Kind = {
  readonly path: string;
  readonly kind: string;
  readonly object: JsonObject;
  /** A status that no controller writes here. */
  readonly status?: JsonObject;
  readonly scales?: boolean;
};

const rich = container({
  command: ['a'],
  env: [{name: 'A', value: 'b'}],
  ports: [{name: 'web', containerPort: 80}],
  resources: {requests: {cpu: '100m', memory: '64Mi'}, limits: {memory: '128Mi'}},
  securityContext: {runAsUser: 1000, capabilities: {drop: ['ALL']}, allowPrivilegeEscalation: false},
  volumeMounts: [{name: 'v', mountPath: '/v'}],
});
const podSpec: JsonObject = {
  containers: [rich],
  volumes: [{name: 'v', emptyDir: {}}],
  securityContext: {runAsNonRoot: true, fsGroup: 1},
  tolerations: [{key: 'a', operator: 'Exists'}],
  nodeSelector: {a: 'b'},
};

export const kinds: readonly Kind[] = [
  {path: `${ns}/pods`, kind: 'Pod', object: pod('g', podSpec)},
  {
    path: `${apps}/deployments`,
    kind: 'Deployment',
    object: deployment('g', {strategy: {type: 'Recreate'}}, podSpec),
    scales: true,
  },
  {path: `${apps}/daemonsets`, kind: 'DaemonSet', object: workload('DaemonSet', 'g', {}, podSpec)},
  {
    path: `${apps}/statefulsets`,
    kind: 'StatefulSet',
    object: workload('StatefulSet', 'g', {replicas: 0, serviceName: 'g'}, podSpec),
  },
  {
    path: `${batch}/jobs`,
    kind: 'Job',
    object: job('g', {backoffLimit: 2}, {...podSpec, restartPolicy: 'Never'}),
  },
  {
    path: `${batch}/cronjobs`,
    kind: 'CronJob',
    object: {
      ...meta('g'),
      spec: {
        schedule: '* * * * *',
        suspend: true,
        jobTemplate: {spec: {template: {spec: {...podSpec, restartPolicy: 'OnFailure'}}}},
      },
    },
  },
  {path: `${ns}/configmaps`, kind: 'ConfigMap', object: {...meta('g', {labels: {a: 'b'}}), data: {a: 'b'}}},
  {path: `${ns}/secrets`, kind: 'Secret', object: {...meta('g'), type: 'Opaque', data: {a: 'Yg=='}}},
  {
    path: `${ns}/services`,
    kind: 'Service',
    status: {loadBalancer: {ingress: [{ip: '10.0.0.1'}]}},
    object: {...meta('g'), spec: {selector: {a: 'b'}, ports: [{name: 'web', port: 80, targetPort: 'web'}]}},
  },
  {
    path: `${ns}/serviceaccounts`,
    kind: 'ServiceAccount',
    object: {...meta('g'), automountServiceAccountToken: false},
  },
  {
    path: `${ns}/limitranges`,
    kind: 'LimitRange',
    object: {
      ...meta('g'),
      spec: {limits: [{type: 'Container', default: {memory: '1Gi'}, max: {memory: '2Gi'}}]},
    },
  },
  {
    path: `${ns}/resourcequotas`,
    kind: 'ResourceQuota',
    object: {...meta('g'), spec: {hard: {pods: '1000', 'limits.memory': '999Gi'}}},
  },
  {
    path: `${networking}/networkpolicies`,
    kind: 'NetworkPolicy',
    object: {
      ...meta('g'),
      spec: {
        podSelector: {matchLabels: {a: 'b'}},
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{from: [{podSelector: {}}], ports: [{port: 80, protocol: 'TCP'}]}],
        egress: [{to: [{ipBlock: {cidr: '10.0.0.0/8', except: ['10.1.0.0/16']}}]}],
      },
    },
  },
  {
    path: `${networking}/ingresses`,
    kind: 'Ingress',
    status: {loadBalancer: {ingress: [{ip: '10.0.0.1', hostname: 'a.example'}]}},
    object: {
      ...meta('g'),
      spec: {
        rules: [
          {
            host: 'a.example',
            http: {
              paths: [{path: '/', pathType: 'Prefix', backend: {service: {name: 'a', port: {number: 80}}}}],
            },
          },
        ],
        tls: [{hosts: ['a.example'], secretName: 's'}],
      },
    },
  },
  {
    path: `${rbac}/roles`,
    kind: 'Role',
    object: {...meta('g'), rules: [{apiGroups: [''], resources: ['pods'], verbs: ['get']}]},
  },
  {
    path: `${rbac}/rolebindings`,
    kind: 'RoleBinding',
    object: {
      ...meta('g'),
      roleRef: {apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'g'},
      subjects: [{kind: 'ServiceAccount', name: 'a', namespace: 'b'}],
    },
  },
  {
    path: '/apis/policy/v1/namespaces/$ns/poddisruptionbudgets',
    kind: 'PodDisruptionBudget',
    object: {...meta('g'), spec: {minAvailable: 1, selector: {matchLabels: {a: 'b'}}}},
  },
  {
    path: `${apps}/replicasets`,
    kind: 'ReplicaSet',
    object: {
      ...workload('ReplicaSet', 'g', {}, podSpec),
      spec: {
        replicas: 0,
        minReadySeconds: 1,
        // No Deployment here has it, so none adopts it.
        selector: {matchExpressions: [{key: 'own', operator: 'In', values: ['a', 'b']}]},
        template: {metadata: {labels: {own: 'a'}}, spec: podSpec},
      },
    },
    scales: true,
  },
  {
    path: `${ns}/persistentvolumeclaims`,
    kind: 'PersistentVolumeClaim',
    object: {
      ...meta('g'),
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'none',
        resources: {requests: {storage: '1Gi'}, limits: {storage: '2Gi'}},
      },
    },
  },
  {
    path: '/apis/autoscaling/v2/namespaces/$ns/horizontalpodautoscalers',
    kind: 'HorizontalPodAutoscaler',
    object: {
      ...meta('g'),
      spec: {
        minReplicas: 1,
        maxReplicas: 3,
        scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'none'},
        metrics: [
          {type: 'Resource', resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization: 50}}},
        ],
      },
    },
  },
  {
    path: '/apis/coordination.k8s.io/v1/namespaces/$ns/leases',
    kind: 'Lease',
    object: {
      ...meta('g'),
      spec: {holderIdentity: 'a', leaseDurationSeconds: 40, renewTime: '2026-01-01T00:00:00.000000Z'},
    },
  },
  {
    path: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
    kind: 'ClusterRole',
    object: {
      ...meta('g-$ns'),
      rules: [
        {apiGroups: [''], resources: ['pods'], verbs: ['get'], resourceNames: ['a']},
        {nonResourceURLs: ['/healthz'], verbs: ['get']},
      ],
    },
  },
  {
    path: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
    kind: 'ClusterRoleBinding',
    object: {
      ...meta('g-$ns'),
      roleRef: {apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view'},
      subjects: [
        {kind: 'User', name: 'a', apiGroup: 'rbac.authorization.k8s.io'},
        {kind: 'ServiceAccount', name: 'b', namespace: 'c'},
      ],
    },
  },
  {
    path: '/apis/scheduling.k8s.io/v1/priorityclasses',
    kind: 'PriorityClass',
    object: {...meta('g-$ns'), value: 5, description: 'd', preemptionPolicy: 'Never'},
  },
  {
    path: '/apis/storage.k8s.io/v1/storageclasses',
    kind: 'StorageClass',
    object: {
      ...meta('g-$ns'),
      provisioner: 'a.example/b',
      parameters: {a: 'b'},
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'Immediate',
      mountOptions: ['a'],
    },
  },
  {
    path: '/apis/networking.k8s.io/v1/ingressclasses',
    kind: 'IngressClass',
    object: {...meta('g-$ns'), spec: {controller: 'a.example/b'}},
  },
];
