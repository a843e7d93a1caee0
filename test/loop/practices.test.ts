import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {bind} from '../../src/cli/targets.ts';
import {preparePlan} from '../../src/fix/prepare.ts';
import {attachControllers} from '../../src/practice/controllers/attach.ts';
import {type PracticeCluster, startPracticeCluster} from '../../src/practice/practice-cluster.ts';
import {liveTarget} from '../../src/target/live/live.ts';
import {withNodeFiles} from '../../src/target/node-files/with-node-files.ts';
import type {Target} from '../../src/target/target.ts';
import {until} from '../helpers/control-plane.ts';
import {lessonFiles} from '../helpers/lessons.ts';
import {turner, type Way} from '../helpers/turn.ts';
import {alerting, reading, wireguard, workload} from '../helpers/turn-yaml.ts';

const scenarioDirectory = join(import.meta.dirname, '../../src/practice/scenarios/home');
const server = 'rpi-1/etc/kubernetes/manifests/kube-apiserver.yaml';
const etcd = 'rpi-1/etc/kubernetes/manifests/etcd.yaml';
const flag = (text: string) => (file: string) =>
  file.replace(
    '        - --allow-privileged=true\n',
    `        - --allow-privileged=true\n        - ${text}\n`,
  );

const policyFile = 'rpi-1/etc/kubernetes/audit/policy.yaml';

/** One for each practice. */
const ways: Readonly<Record<string, Way>> = {
  'non-root-containers': {control: 'C-0016', act: {fix: 'Deployment'}},
  'immutable-file-systems': {control: 'C-0017', act: {fix: 'Deployment'}},
  'secure-images': {
    control: 'image-tags',
    first: {apply: workload('pantry', 'docker.io/library/nats:latest')},
    object: 'Deployment/pantry/late',
    act: {
      fix: 'Deployment/pantry/late',
      answers: {'image of late in Deployment/pantry/late': 'docker.io/library/nats:2.10.29'},
    },
  },
  'pod-security-enforcement': {control: 'pod-security-labels', act: {fix: 'Namespace'}},
  'service-account-tokens': {control: 'C-0034', act: {fix: ''}},
  'container-engines': {control: 'C-0055', act: {fix: 'Deployment'}},
  namespaces: {
    control: 'default-namespace',
    first: {apply: workload('default', 'docker.io/library/nats:2.10.29')},
    object: 'Deployment/default/late',
    act: {remove: 'Deployment/default/late', apply: workload('argo', 'docker.io/library/nats:2.10.29')},
  },
  'network-policies': {control: 'C-0030', act: {fix: 'Deployment'}},
  'resource-policies': {
    control: 'resource-quota',
    object: 'Namespace//network',
    act: {
      apply:
        "{apiVersion: v1, kind: ResourceQuota, metadata: {name: sum, namespace: network}, spec: {hard: {requests.cpu: '8', requests.memory: 8Gi}}}",
    },
  },
  'control-plane': {control: 'control-plane-taint', act: {fix: 'Node'}},
  'worker-nodes': {
    control: 'kubelet-seccomp-default',
    object: 'Kubelet//rpi-2',
    act: {file: 'rpi-2/var/lib/kubelet/config.yaml', edit: (text) => `${text}\nseccompDefault: true\n`},
  },
  secrets: {control: 'C-0012', act: {fix: 'Deployment'}},
  rbac: {control: 'secret-readers', act: {fix: ''}},
  upgrading: {
    control: 'node-versions',
    first: {file: server, edit: (text) => text.replace('kube-apiserver:v1.36.3', 'kube-apiserver:v1.35.6')},
    object: 'Node//rpi-3',
    act: {file: server, edit: (text) => text.replace('kube-apiserver:v1.35.6', 'kube-apiserver:v1.36.3')},
  },
  logging: {
    control: 'log-collector',
    object: 'Node//rpi-1',
    act: {apply: reading('kube-system', 'collector', '/var/log/pods')},
  },
  encryption: {
    control: 'C-0066',
    // Its file, the mount and the flag, in that order: with the flag alone the API server would not come up.
    act: {fix: ''},
  },
  authentication: {
    control: 'anonymous-requests',
    act: {file: server, edit: flag('--anonymous-auth=false')},
  },
  siem: {
    control: 'audit-shipped',
    first: {file: server, edit: flag('--audit-log-path=/var/log/kubernetes/audit.log')},
    act: {apply: reading('kube-system', 'shipper', '/var/log/kubernetes')},
  },
  alerting: {control: 'alert-receivers', act: {apply: alerting}},
  'service-meshes': {control: 'mesh-mtls', object: 'Namespace//pantry', act: {apply: wireguard}},
  'fault-tolerance': {
    control: 'log-redundancy',
    first: {apply: reading('kube-system', 'fragile', '/var/log').replace(/\n +priorityClassName.*/, '')},
    object: 'DaemonSet/kube-system/fragile',
    act: {fix: 'DaemonSet/kube-system/fragile'},
  },
  'cloud-infrastructure': {
    control: 'metadata-egress',
    // As if the board stood in a cloud.
    first: {set: 'Node//rpi-2', path: ['spec', 'providerID'], json: 'hcloud://4711'},
    object: 'Deployment/argo/minio',
    act: {
      apply:
        '{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: inside, namespace: argo}, spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}]}]}}',
    },
  },
};

/** More of what a practice has: checks that are seen through files of nodes, policies, or what the person wrote. */
const others: Readonly<Record<string, Way>> = {
  'audit-policy': {
    control: 'audit-policy',
    first: {
      write: policyFile,
      text: 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: RequestResponse\n',
    },
    object: `NodeFile/rpi-1/${policyFile.slice('rpi-1/'.length)}`,
    act: {fix: 'NodeFile/rpi-1/etc/kubernetes/audit'},
  },
  'kubeconfig-files': {
    control: 'kubeconfig-files',
    first: {of: 'rpi-1/etc/kubernetes/admin.conf', mode: 0o644},
    object: 'KubeconfigFile/rpi-1/etc/kubernetes/admin.conf',
    act: {of: 'rpi-1/etc/kubernetes/admin.conf', mode: 0o600},
  },
  'etcd-clients': {
    control: 'etcd-clients',
    first: {file: etcd, edit: (text) => text.replace('--client-cert-auth=true', '--client-cert-auth=false')},
    object: 'Pod/kube-system/etcd-rpi-1',
    act: {file: etcd, edit: (text) => text.replace('--client-cert-auth=false', '--client-cert-auth=true')},
  },
  'kubelet-pid-reserve': {
    control: 'kubelet-pid-reserve',
    object: 'Kubelet//rpi-3',
    act: {fix: 'Kubelet//rpi-3'},
  },
  'runtime-sandbox': {
    control: 'runtime-sandbox',
    first: {
      apply: `${workload('argo', 'docker.io/library/nats:2.10.29', 'stranger', '{kubekata.dev/sandbox: required}')}
---
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: gvisor}
handler: runsc
`,
    },
    object: 'Deployment/argo/stranger',
    act: {fix: 'Deployment/argo/stranger'},
  },
  'image-registries': {
    control: 'image-registries',
    object: 'Namespace//kube-system',
    act: {fix: 'Namespace//kube-system'},
  },
};

describe('the practice cluster lets a person turn a verdict of each practice', () => {
  let directory: string;
  let cluster: PracticeCluster;
  let target: Target;
  let turn: ReturnType<typeof turner>;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'kubekata-practices-'));
    cluster = await startPracticeCluster({
      directory,
      scenarioDirectory,
      controllers: (machine) =>
        attachControllers(machine, {scenarioDirectory, nodeDirectory: join(directory, 'nodes')}),
    });
    const live = await liveTarget({kubeconfig: cluster.kubeconfigPath, kind: 'practice', name: 'home'});
    target = withNodeFiles(bind(live), join(directory, 'nodes'));
    turn = turner(target, directory);
    await until(() => cluster.machine.list('pods').length === 44, '44 pods');
  }, 60_000);

  afterAll(async () => {
    await target?.close();
    await cluster?.stop();
    rmSync(directory, {recursive: true, force: true});
  });

  it('has a way for each practice', () => {
    expect(Object.keys(ways).sort()).toEqual(lessonFiles.map(({id}) => id));
  });

  it.each([...Object.entries(ways), ...Object.entries(others)])(
    '%s',
    async (_name, way) => turn.turn(way),
    60_000,
  );

  it('refuses images from elsewhere once registries are on a list', async () => {
    const inventory = await turn.seen();
    const refusals = async (image: string) => {
      const pod = `{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: pantry}, spec: {initContainers: [{name: i, image: nginx}], containers: [{name: c, image: ${image}}]}}`;
      const plan = await preparePlan({target, inventory, change: {id: image, steps: turn.create(pod)}});
      return plan.items.flatMap(({rejection}) => rejection ?? []);
    };
    expect(await refusals('docker.io/library/nats:2.10.29')).toEqual([]);
    expect(await refusals('nats')).toEqual([]);
    expect((await refusals('docker.io.example.org/library/nats')).join()).toContain(
      'an image of this pod is from a registry that ConfigMap kube-system/kubekata-image-registries does not list',
    );
  });
});
