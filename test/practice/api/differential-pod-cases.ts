import {type Case, container, pods} from './differential-requests.ts';

export const podCases: readonly Case[] = [
  pods('plain', {}),
  pods('no containers', {containers: []}),
  pods('no spec at all', {containers: null}),
  pods('no image', {}, {image: ''}),
  pods('bad name', {}, {name: 'A_b'}),
  pods('two of a name', {containers: [container(), container()]}),
  pods(
    'request above limit',
    {},
    {resources: {requests: {memory: '1Gi', cpu: 1}, limits: {memory: '512Mi', cpu: 1}}},
  ),
  pods('requests from limits', {}, {resources: {limits: {memory: '1024Mi', cpu: '0.5'}}}),
  pods('bad quantity', {}, {resources: {limits: {memory: '12Foo'}}}),
  pods('negative quantity', {}, {resources: {limits: {memory: '-1'}}}),
  pods(
    'privileged without escalation',
    {},
    {securityContext: {privileged: true, allowPrivilegeEscalation: false}},
  ),
  pods(
    'SYS_ADMIN without escalation',
    {},
    {
      securityContext: {capabilities: {add: ['SYS_ADMIN']}, allowPrivilegeEscalation: false},
    },
  ),
  pods('bad user', {securityContext: {runAsUser: -1}}, {securityContext: {runAsUser: -5, runAsGroup: -1}}),
  pods('seccomp without profile', {securityContext: {seccompProfile: {type: 'Localhost'}}}),
  pods('seccomp unknown', {securityContext: {seccompProfile: {type: 'Foo'}}}),
  pods('seccomp with a profile that is not local', {
    securityContext: {seccompProfile: {type: 'RuntimeDefault', localhostProfile: 'x'}},
  }),
  pods(
    'port out of range',
    {},
    {ports: [{containerPort: 70000}, {containerPort: 0}, {containerPort: 80, protocol: 'FOO'}]},
  ),
  pods(
    'port names',
    {},
    {
      ports: [
        {containerPort: 80, name: 'WEB'},
        {containerPort: 81, name: 'a'},
        {containerPort: 82, name: 'a'},
      ],
    },
  ),
  pods('host port on the host network', {hostNetwork: true}, {ports: [{containerPort: 80}]}),
  pods(
    'other host port on the host network',
    {hostNetwork: true},
    {ports: [{containerPort: 80, hostPort: 81}]},
  ),
  pods(
    'same host port twice',
    {},
    {
      ports: [
        {containerPort: 80, hostPort: 80},
        {containerPort: 81, hostPort: 80},
      ],
    },
  ),
  pods('mount of nothing', {}, {volumeMounts: [{name: 'v', mountPath: '/v'}]}),
  pods(
    'mounts at one place',
    {volumes: [{name: 'v'}, {name: 'w', emptyDir: {}}]},
    {
      volumeMounts: [
        {name: 'v', mountPath: '/v'},
        {name: 'w', mountPath: '/v'},
        {name: 'w', mountPath: ''},
      ],
    },
  ),
  pods('volumes of all kinds', {
    volumes: [
      {name: 'a', secret: {secretName: 's'}},
      {name: 'b', configMap: {name: 'c'}},
      {name: 'c', hostPath: {path: '/x'}},
      {name: 'd', downwardAPI: {items: [{path: 'p', fieldRef: {fieldPath: 'metadata.name'}}]}},
      {name: 'e', projected: {sources: [{serviceAccountToken: {path: 't'}}]}},
      {name: 'f', persistentVolumeClaim: {claimName: 'x'}},
      {name: 'g', emptyDir: {medium: 'Memory', sizeLimit: '1000Mi'}},
      {name: 'h'},
      {name: 'i', nfs: {server: 's', path: '/p'}},
    ],
  }),
  pods('two volume types', {volumes: [{name: 'a', emptyDir: {}, hostPath: {path: '/'}}]}),
  pods('volumes of a name', {volumes: [{name: 'a'}, {name: 'a'}, {name: 'A'}, {}]}),
  pods('host path without path', {volumes: [{name: 'a', hostPath: {}}]}),
  pods('host path type', {volumes: [{name: 'a', hostPath: {path: '/a', type: 'Foo'}}]}),
  pods('host path upwards', {volumes: [{name: 'a', hostPath: {path: '/a/../b'}}]}),
  pods(
    'environment',
    {},
    {
      env: [
        {name: 'A', value: 'x'},
        {name: 'B', valueFrom: {fieldRef: {fieldPath: 'status.podIP'}}},
        {name: 'C', valueFrom: {secretKeyRef: {name: 's', key: 'k'}}},
        {name: 'D', valueFrom: {resourceFieldRef: {resource: 'limits.cpu'}}},
        {name: 'E', value: ''},
      ],
    },
  ),
  pods(
    'bad environment',
    {},
    {
      env: [
        {name: ''},
        {name: 'A', value: 'x', valueFrom: {fieldRef: {fieldPath: 'status.podIP'}}},
        {name: 'B', valueFrom: {}},
        {name: 'a=b'},
      ],
    },
  ),
  pods('secretKeyRef without key', {}, {env: [{name: 'A', valueFrom: {secretKeyRef: {name: 's'}}}]}),
  pods('envFrom of nothing', {}, {envFrom: [{}]}),
  pods(
    'probes',
    {},
    {
      livenessProbe: {httpGet: {port: 80}},
      readinessProbe: {tcpSocket: {port: 'web'}, periodSeconds: 0},
      startupProbe: {exec: {command: ['x']}, failureThreshold: 30},
    },
  ),
  pods('probe of nothing', {}, {livenessProbe: {}}),
  pods('probe of two kinds', {}, {livenessProbe: {httpGet: {port: 80}, tcpSocket: {port: 80}}}),
  pods('liveness success', {}, {livenessProbe: {httpGet: {port: 80}, successThreshold: 2}}),
  pods('restart policy', {restartPolicy: 'Sometimes'}),
  pods('dns policy', {dnsPolicy: 'Foo'}),
  pods('pull policy', {}, {imagePullPolicy: 'Sometimes'}),
  pods('service account', {serviceAccountName: 'nobody'}),
  pods('no token', {automountServiceAccountToken: false}),
  pods('priority class', {priorityClassName: 'nope'}),
  pods('system priority', {priorityClassName: 'system-node-critical'}),
  pods('grace negative', {terminationGracePeriodSeconds: -1}),
  pods('deadline', {activeDeadlineSeconds: 0}),
  pods('host name', {hostname: 'A.b', subdomain: '-'}),
  pods('node selector', {nodeSelector: {'a b': 'c'}}),
  pods('tolerations', {
    tolerations: [
      {operator: 'Exists', effect: 'NoExecute'},
      {key: 'a', operator: 'Foo'},
    ],
  }),
  pods('init containers', {
    initContainers: [
      {name: 'i', image: 'x'},
      {name: 'c', image: 'y', restartPolicy: 'Always'},
    ],
  }),
  pods('affinity', {
    affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: []}}},
  }),
  pods(
    'zeroes are dropped',
    {hostNetwork: false, hostPID: false, nodeSelector: {}, volumes: [], priority: 0},
    {tty: false, args: [], env: []},
  ),
  pods(
    'empty structs stay',
    {securityContext: {}},
    {securityContext: {}, lifecycle: {}, resources: {limits: {}}},
  ),
  pods('lifecycle', {}, {lifecycle: {preStop: {httpGet: {port: 80}}, postStart: {exec: {command: []}}}}),
  pods('spread', {topologySpreadConstraints: [{maxSkew: 0, topologyKey: '', whenUnsatisfiable: 'X'}]}),
  pods('sysctls', {securityContext: {sysctls: [{name: 'a b', value: 'x'}], fsGroup: -3}}),
  pods('working directory and image with spaces', {}, {image: ' nginx ', workingDir: '/'}),
  pods('warnings: doubled ports and variables', {
    initContainers: [
      {name: 'i', image: 'b', ports: [{containerPort: 80, name: 'web'}]},
      {name: 'j', image: 'b', restartPolicy: 'Always', ports: [{containerPort: 80, name: 'web'}]},
    ],
    containers: [
      container({
        ports: [
          {containerPort: 80, name: 'web'},
          {containerPort: 80, hostPort: 80},
          {containerPort: 80, hostPort: 80, hostIP: '10.0.0.1'},
        ],
        env: [
          {name: 'A', value: 'b'},
          {name: 'A', value: '$(A)'},
          {name: 'A', value: 'x$(A)'},
        ],
      }),
      {
        name: 'd',
        image: 'b',
        ports: [
          {containerPort: 80, name: 'web'},
          {containerPort: 80, protocol: 'UDP'},
        ],
      },
    ],
  }),
  pods('warnings: deprecated parts', {
    nodeSelector: {'beta.kubernetes.io/arch': 'x'},
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'failure-domain.beta.kubernetes.io/zone',
        whenUnsatisfiable: 'DoNotSchedule',
      },
    ],
    affinity: {
      podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: 'a'}]},
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, podAffinityTerm: {topologyKey: 'a'}}],
      },
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            {matchExpressions: [{key: 'beta.kubernetes.io/os', operator: 'In', values: ['a']}]},
          ],
        },
      },
    },
    volumes: [
      {name: 'a', gitRepo: {repository: 'x'}},
      {name: 'b', glusterfs: {endpoints: 'a', path: 'b'}},
    ],
    imagePullSecrets: [{}, {name: 'a'}, {name: 'a'}],
    hostAliases: [
      {ip: '1.1.1.1', hostnames: ['a']},
      {ip: '1.1.1.1', hostnames: ['b']},
    ],
  }),
];
