import {changedTo, deployment, testImpact} from './impacts.ts';

const main = (context: string, more = ''): string =>
  `{containers: [{name: main, image: "web:1", ${more}securityContext: ${context}}]}`;
const restart = 'look: Deployment home/web restarts its pod; the old one serves until the new one is ready.';

testImpact('who a container runs as', [
  {
    name: 'not as root, and told to be root',
    now: deployment('web', main('{runAsUser: 0}')),
    later: changedTo('web', main('{runAsUser: 0, runAsNonRoot: true}')),
    remarks: [
      'failed: Deployment home/web: main (web:1) must not run as root and is told to (runAsUser 0): it does not start (CreateContainerConfigError).',
      restart,
    ],
  },
  {
    name: 'not as root, and the image decides',
    now: deployment('web', main('{}')),
    later: changedTo('web', main('{runAsNonRoot: true}')),
    remarks: [
      'look: Deployment home/web: main (web:1) may run as root, which the image alone tells: if it does, it does not start (CreateContainerConfigError).',
      restart,
    ],
  },
  {
    name: 'not as root, with the user that it has',
    now: deployment('web', main('{runAsUser: 1000}')),
    later: changedTo('web', main('{runAsUser: 1000, runAsNonRoot: true}')),
    remarks: [restart],
  },
  {
    name: 'a read-only image, with the volume that stays writable',
    now: deployment(
      'web',
      main('{}', 'volumeMounts: [{name: t, mountPath: /tmp}], ').replace(
        /}$/,
        ', volumes: [{name: t, emptyDir: {}}]}',
      ),
    ),
    later: changedTo(
      'web',
      main('{readOnlyRootFilesystem: true}', 'volumeMounts: [{name: t, mountPath: /tmp}], ').replace(
        /}$/,
        ', volumes: [{name: t, emptyDir: {}}]}',
      ),
    ),
    remarks: [
      'look: Deployment home/web: main (web:1, /tmp stays writable) can not write to its image any more: what writes elsewhere than to a volume fails.',
      restart,
    ],
  },
  {
    name: 'several containers of one workload, as several',
    now: deployment(
      'web',
      '{containers: [{name: a, image: "a:1", securityContext: {privileged: true, capabilities: {add: [NET_ADMIN, SYS_TIME]}}}, {name: b, image: "b:1", securityContext: {privileged: true}}]}',
    ),
    later: changedTo(
      'web',
      '{containers: [{name: a, image: "a:1", securityContext: {runAsUser: 1, readOnlyRootFilesystem: true}}, {name: b, image: "b:1", securityContext: {runAsUser: 2, readOnlyRootFilesystem: true}}]}',
    ),
    remarks: [
      'look: Deployment home/web: a (a:1) as 1 and b (b:1) as 2 run as other users: files that belong to root can not be written any more.',
      'look: Deployment home/web: a (a:1) and b (b:1) can not write to their images any more: what writes elsewhere than to a volume fails.',
      'look: Deployment home/web: a (a:1) and b (b:1) are not privileged any more: what needs devices or the kernel of the node fails.',
      'look: Deployment home/web, container a, asked for NET_ADMIN and SYS_TIME and loses them: somebody thought that they were needed.',
      restart,
    ],
  },
  {
    name: 'not privileged any more',
    now: deployment('web', main('{privileged: true}')),
    later: changedTo('web', main('{privileged: false}')),
    remarks: [
      'look: Deployment home/web: main (web:1) is not privileged any more: what needs devices or the kernel of the node fails.',
      restart,
    ],
  },
  {
    name: 'no escalation breaks nothing that is known',
    now: deployment('web', main('{}')),
    later: changedTo('web', main('{allowPrivilegeEscalation: false}')),
    remarks: [restart],
  },
]);

testImpact('capabilities', [
  {
    name: 'a port below 1024 without NET_BIND_SERVICE',
    now: deployment('web', main('{runAsUser: 1000}', 'ports: [{containerPort: 80}], ')),
    later: changedTo(
      'web',
      main('{runAsUser: 1000, capabilities: {drop: [ALL]}}', 'ports: [{containerPort: 80}], '),
    ),
    remarks: [
      'look: Deployment home/web, container main, listens on port 80 and loses NET_BIND_SERVICE: where the runtime of its node keeps ports below 1024 for root, it does not start. Keep that capability, or use a port from 1024.',
      restart,
    ],
  },
  {
    name: 'the capability kept',
    now: deployment('web', main('{runAsUser: 1000}', 'ports: [{containerPort: 80}], ')),
    later: changedTo(
      'web',
      main(
        '{runAsUser: 1000, capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}',
        'ports: [{containerPort: 80}], ',
      ),
    ),
    remarks: [restart],
  },
  {
    name: 'a high port and another user',
    now: deployment('web', main('{runAsUser: 1000}', 'ports: [{containerPort: 8080}], ')),
    later: changedTo(
      'web',
      main('{runAsUser: 1000, capabilities: {drop: [ALL]}}', 'ports: [{containerPort: 8080}], '),
    ),
    remarks: [restart],
  },
  {
    name: 'one that was asked for, and root that changes user',
    now: deployment('web', main('{capabilities: {add: [SYS_ADMIN]}}')),
    later: changedTo('web', main('{capabilities: {drop: [ALL]}}')),
    remarks: [
      'look: Deployment home/web, container main, asked for SYS_ADMIN and loses it: somebody thought that it was needed.',
      'look: Deployment home/web, container main, loses CHOWN, DAC_OVERRIDE, SETGID and SETUID: if its image starts as root and then changes user or owners of files, it fails (operation not permitted).',
      restart,
    ],
  },
]);

testImpact('the node', [
  {
    name: 'leaving its network',
    now: deployment('web', '{hostNetwork: true, containers: [{name: main, ports: [{containerPort: 9100}]}]}'),
    later: changedTo('web', '{containers: [{name: main, ports: [{containerPort: 9100}]}]}'),
    remarks: [
      'look: Deployment home/web leaves the network of its node: it gets an address of its own, and who reached it at that of the node (port 9100) no longer does.',
      restart,
    ],
  },
  {
    name: 'a host port, a host path, its processes',
    now: deployment(
      'web',
      '{hostPID: true, volumes: [{name: d, hostPath: {path: /data}}], containers: [{name: main, ports: [{containerPort: 80, hostPort: 8080}]}]}',
    ),
    later: changedTo('web', '{containers: [{name: main, ports: [{containerPort: 80}]}]}'),
    remarks: [
      'look: Deployment home/web does not answer at port 8080 of its node any more: reach it by a Service.',
      'look: Deployment home/web does not see the processes of its node any more.',
      'look: Deployment home/web does not see /data of its node any more: what it kept there stays on the node.',
      restart,
    ],
  },
]);

const pod =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: bare, namespace: home}\nspec: {containers: [{name: main}]}\n';

testImpact('restarts', [
  {
    name: 'a pod that is made again is away',
    now: pod,
    later: pod.replace('containers', 'automountServiceAccountToken: true, containers'),
    recreated: ['Pod/home/bare'],
    remarks: ['look: Pod home/bare is deleted and made again: it does not answer for a moment.'],
  },
  {
    name: 'so is a Deployment that recreates',
    now: deployment('web', main('{}'), '\n  strategy: {type: Recreate}'),
    later: changedTo('web', main('{allowPrivilegeEscalation: false}'), '\n  strategy: {type: Recreate}'),
    remarks: ['look: Deployment home/web restarts: it does not answer for a moment.'],
  },
  {
    name: 'in files, nothing restarts before they are rolled out',
    kind: 'files',
    now: deployment('web', main('{}')),
    later: changedTo('web', main('{allowPrivilegeEscalation: false}')),
    remarks: ['look: Deployment home/web restarts its pods at the next rollout of these files.'],
  },
  {
    name: 'in files, a pod has to be made again',
    kind: 'files',
    now: pod,
    later: pod.replace('containers', 'automountServiceAccountToken: true, containers'),
    recreated: ['Pod/home/bare'],
    remarks: ['look: Pod home/bare has to be deleted and made again at the next rollout of these files.'],
  },
]);

const namespace = (labels = ''): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata: {name: home${labels}}\n---\n`;
const enforce = (level: string): string => `, labels: {pod-security.kubernetes.io/enforce: ${level}}`;

testImpact('pod security', [
  {
    name: 'the full list of what a level keeps out',
    now:
      namespace() +
      deployment('web', '{hostPID: true, containers: [{name: main}]}') +
      deployment('api', '{hostNetwork: true, containers: [{name: main}]}'),
    later: namespace(enforce('baseline')),
    remarks: [
      'failed: Deployment home/web does not meet baseline: host namespaces (hostPID=true). Its next pods are refused; those that run stay.',
      'failed: Deployment home/api does not meet baseline: host namespaces (hostNetwork=true). Its next pods are refused; those that run stay.',
    ],
  },
  {
    name: 'a level that lets all in',
    now: namespace() + deployment('web', '{containers: [{name: main}]}'),
    later: namespace(enforce('baseline')),
    remarks: ['passed: 1 workload runs in home, and baseline lets it in.'],
  },
]);

const binding = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: ci-admin}
subjects: [{kind: ServiceAccount, name: ci, namespace: argo}, {kind: User, name: bob}]
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
`;

testImpact('access', [
  {
    name: 'a binding that goes',
    now: binding,
    deleted: [
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        namespace: '',
        name: 'ci-admin',
      },
    ],
    remarks: [
      'look: ServiceAccount argo/ci loses ClusterRole cluster-admin in the whole cluster. What it does with it stops at once.',
      'look: User bob loses ClusterRole cluster-admin in the whole cluster. What it does with it stops at once.',
    ],
  },
  {
    name: 'one subject that leaves',
    now: binding,
    later: binding.replace(', {kind: User, name: bob}', ''),
    remarks: [
      'look: User bob loses ClusterRole cluster-admin in the whole cluster. What it does with it stops at once.',
    ],
  },
]);
