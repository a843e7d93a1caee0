import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {liveTarget} from '../../src/target/live/live.ts';
import type {Target} from '../../src/target/target.ts';
import {type ControlPlane, startControlPlane} from '../helpers/control-plane.ts';
import {lessonFiles} from '../helpers/lessons.ts';
import {hasShared} from '../helpers/shared.ts';
import {turner, type Way} from '../helpers/turn.ts';
import {alerting, reading, wireguard, workload} from '../helpers/turn-yaml.ts';

/** A workload with what most practices find wrong, which the control plane runs all the same. */
const shop = `
apiVersion: v1
kind: Namespace
metadata: {name: pantry}
---
apiVersion: v1
kind: Namespace
metadata: {name: argo}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: pantry}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: docker.io/library/nginx:1.29.4
        env: [{name: DB_PASSWORD, value: not-a-real-one}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: pantry}
rules: [{apiGroups: [''], resources: [secrets], verbs: [get, list]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: pantry}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: User, name: mona}]
`;
const kubeletConfig = (seccompDefault: boolean): string => `
apiVersion: v1
kind: ConfigMap
metadata: {name: kubelet-config, namespace: kube-system}
data:
  kubelet: |
    apiVersion: kubelet.config.k8s.io/v1beta1
    kind: KubeletConfiguration
    seccompDefault: ${seccompDefault}
`;
const legacy = `
apiVersion: v1
kind: Secret
type: kubernetes.io/service-account-token
metadata: {name: old-token, namespace: pantry, annotations: {kubernetes.io/service-account.name: default}}
`;
const nodePool = 'hcloud://4711';
const web = 'Deployment/pantry/web';

/** One for each practice; flags of the API server are compared between two planes in test/target/evidence. */
const waysOn = (folder: string): Readonly<Record<string, Way>> => ({
  'non-root-containers': {control: 'C-0016', act: {fix: web}},
  'immutable-file-systems': {control: 'C-0017', act: {fix: web}},
  'secure-images': {control: 'image-registries', object: 'Namespace//kube-system', act: {fix: 'Namespace'}},
  'pod-security-enforcement': {control: 'pod-security-labels', act: {fix: 'Namespace//pantry'}},
  'service-account-tokens': {control: 'C-0034', object: web, act: {fix: web}},
  'container-engines': {control: 'C-0055', object: web, act: {fix: web}},
  namespaces: {
    control: 'default-namespace',
    first: {apply: workload('default', 'docker.io/library/nats:2.10.29')},
    object: 'Deployment/default/late',
    act: {remove: 'Deployment/default/late', apply: workload('argo', 'docker.io/library/nats:2.10.29')},
  },
  'network-policies': {control: 'C-0030', object: web, act: {fix: web}},
  'resource-policies': {
    control: 'resource-quota',
    object: 'Namespace//argo',
    act: {
      apply:
        "{apiVersion: v1, kind: ResourceQuota, metadata: {name: sum, namespace: argo}, spec: {hard: {requests.cpu: '8', requests.memory: 8Gi}}}",
    },
  },
  'control-plane': {control: 'control-plane-taint', act: {fix: 'Node'}},
  'worker-nodes': {
    control: 'kubelet-seccomp-default',
    first: {apply: kubeletConfig(false)},
    act: {
      set: 'ConfigMap/kube-system/kubelet-config',
      path: ['data', 'kubelet'],
      json: 'kind: KubeletConfiguration\nseccompDefault: true\n',
    },
  },
  secrets: {control: 'C-0012', object: web, act: {fix: web}},
  rbac: {
    control: 'secret-readers',
    act: {
      set: 'Role/pantry/reader',
      path: ['rules'],
      json: [{apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list']}],
    },
  },
  logging: {
    control: 'log-collector',
    object: 'Node//rpi-1',
    act: {apply: reading('kube-system', 'collector', '/var/log/pods')},
  },
  siem: {
    control: 'audit-shipped',
    // Where this plane writes its log.
    act: {apply: reading('kube-system', 'shipper', join(folder, 'log'))},
  },
  encryption: {
    control: 'ingress-tls',
    first: {
      apply:
        '{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web, namespace: pantry}, spec: {rules: [{host: shop.example.org, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}}',
    },
    act: {
      set: 'Ingress/pantry/web',
      path: ['spec', 'tls'],
      json: [{hosts: ['shop.example.org'], secretName: 'web-tls'}],
    },
  },
  authentication: {
    control: 'legacy-tokens',
    first: {apply: legacy},
    act: {
      remove: 'Secret/pantry/old-token',
      apply: '{apiVersion: v1, kind: ServiceAccount, metadata: {name: short, namespace: pantry}}',
    },
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
    first: {set: 'Node//rpi-2', path: ['spec', 'providerID'], json: nodePool},
    object: 'Deployment/argo/late',
    act: {
      apply:
        '{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: inside, namespace: argo}, spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}]}]}}',
    },
  },
});

describe.skipIf(!hasShared)('a real control plane that audits and encrypts', () => {
  let plane: ControlPlane;
  let directory: string;
  let target: Target;
  let turn: ReturnType<typeof turner>;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'kubekata-practices-'));
    plane = await startControlPlane({ENCRYPT: '1', AUDIT: '1'});
    await plane.load(shop);
    target = await liveTarget({kubeconfig: plane.kubeconfig});
    turn = turner(target, directory);
  }, 120_000);

  afterAll(async () => {
    await target?.close();
    await plane?.stop();
    rmSync(directory, {recursive: true, force: true});
  });

  it('has a way for each practice', () => {
    expect([...Object.keys(waysOn('')), 'upgrading'].sort()).toEqual(lessonFiles.map(({id}) => id));
  });

  it.each(Object.keys(waysOn('')))(
    '%s is turned from failed to passed',
    (name) => turn.turn(waysOn(plane.folder)[name]!),
    60_000,
  );

  it('upgrading is turned from failed to passed', async () => {
    const says = (version: string) =>
      plane.kubectl(
        ...['patch', 'node', 'rpi-3', '--subresource=status', '--type=merge', '-p'],
        JSON.stringify({status: {nodeInfo: {kubeletVersion: version}}}),
      );
    await says('v1.31.4');
    await turn.turn({control: 'node-versions', object: 'Node//rpi-3', act: () => says('v1.36.3')});
  }, 60_000);

  it('refuses images from elsewhere once registries are on a list', async () => {
    const run = (image: string) =>
      plane.kubectl('run', 'probe', '-n', 'default', `--image=${image}`, '--dry-run=server', '-o', 'name');
    expect(await run('nginx')).toBe('pod/probe\n');
    await expect(run('docker.io.example.org/library/nginx')).rejects.toThrow(
      'an image of this pod is from a registry that ConfigMap kube-system/kubekata-image-registries does not list',
    );
    const policy = await plane.kubectl(
      ...[
        'get',
        'validatingadmissionpolicy',
        'kubekata-image-registries',
        '-o',
        'jsonpath={.status.typeChecking}',
      ],
    );
    expect(policy).toBe('{}');
  });
});
