import {describe, expect, it} from 'vitest';
import {c0005} from '../../controls/c-0005.ts';
import {c0066} from '../../controls/c-0066.ts';
import {c0067} from '../../controls/c-0067.ts';
import {c0068} from '../../controls/c-0068.ts';
import {c0069} from '../../controls/c-0069.ts';
import {c0070} from '../../controls/c-0070.ts';
import type {AnyControl} from '../../src/engine/control.ts';
import {
  anonymousFromStatus,
  apiServerOfKubeadm,
  apiServerOfNode,
  apiServerResource,
  kubeletOfConfigMap,
  kubeletOfNode,
  type Observed,
  parseFlagz,
  readMetrics,
} from '../../src/engine/evidence.ts';
import {Inventory} from '../../src/engine/inventory.ts';
import {kubeletResource} from '../../src/engine/kubelet.ts';
import {type Resource, resourceOf} from '../../src/engine/objects.ts';
import {Scanner} from '../../src/engine/scan.ts';
import {frameworkOf, parseObjects} from '../helpers/test-control.ts';

const [kubeadm, kubelets, server, agent, managed] = parseObjects(`
apiVersion: v1
kind: ConfigMap
metadata: {name: kubeadm-config, namespace: kube-system}
data:
  ClusterConfiguration: |
    apiVersion: kubeadm.k8s.io/v1beta4
    kind: ClusterConfiguration
    apiServer:
      extraArgs:
      - {name: encryption-provider-config, value: /etc/kubernetes/enc/enc.yaml}
      - {name: audit-log-path, value: /var/log/audit.log}
    kubernetesVersion: v1.35.4
---
apiVersion: v1
kind: ConfigMap
metadata: {name: kubelet-config, namespace: kube-system}
data:
  kubelet: |
    apiVersion: kubelet.config.k8s.io/v1beta1
    kind: KubeletConfiguration
    authentication:
      anonymous: {enabled: true}
      x509: {clientCAFile: /etc/kubernetes/pki/ca.crt}
---
apiVersion: v1
kind: Node
metadata:
  name: cp
  annotations:
    k3s.io/node-args: '["server","--secrets-encryption","--kube-apiserver-arg","audit-policy-file=/etc/audit.yaml","--kube-apiserver-arg=audit-log-path=/var/log/a.log","--token","********","--kubelet-arg","anonymous-auth=true"]'
status: {nodeInfo: {kubeletVersion: v1.35.4+k3s1}}
---
apiVersion: v1
kind: Node
metadata: {name: worker, annotations: {k3s.io/node-args: '["agent"]'}}
---
apiVersion: v1
kind: Node
metadata: {name: ip-10-0-0-7}
spec: {providerID: aws:///eu-central-1a/i-0abc}
`).map((object) => resourceOf(object));

const behaviour = (observed: Observed, version = 'v1.35.4'): Resource =>
  apiServerResource({
    name: 'kube-apiserver (what it does)',
    flags: [],
    observed,
    version,
    evidence: {rung: 'behaviour', source: 'its /metrics', confidence: 'inferred'},
  });
const flagz = (flags: Readonly<Record<string, string>>): Resource =>
  apiServerResource({
    name: 'kube-apiserver',
    flags: Object.entries(flags),
    version: 'v1.36.3',
    evidence: {rung: 'flagz', source: 'its /flagz', confidence: 'running'},
  });

const verdict = (control: AnyControl, ...resources: readonly (Resource | undefined)[]) => {
  const inventory = new Inventory(resources.filter((one) => one !== undefined));
  const {status, all, evidence, reason} = new Scanner(frameworkOf(control), inventory).scan().controls[0]!;
  return {status, all, ...(evidence ? {evidence} : {}), ...(reason ? {reason} : {})};
};

describe('/flagz', () => {
  it('is read from JSON, lists without their brackets', () => {
    const flags = {'authorization-mode': '[Node,RBAC]', 'enable-admission-plugins': '[]', profiling: 'true'};
    const found = parseFlagz({kind: 'Flagz', apiVersion: 'config.k8s.io/v1beta1', flags});
    expect([...found!]).toEqual([
      ['authorization-mode', 'Node,RBAC'],
      ['enable-admission-plugins', ''],
      ['profiling', 'true'],
    ]);
  });

  it('is read from the text form', () => {
    const text =
      '\napiserver flagz\nWarning: This endpoint is not meant to be machine parseable.\n\nanonymous-auth: true\nencryption-provider-config: \nauthorization-mode: [Node,RBAC]\n';
    expect([...parseFlagz(text)!]).toEqual([
      ['anonymous-auth', 'true'],
      ['encryption-provider-config', ''],
      ['authorization-mode', 'Node,RBAC'],
    ]);
  });

  it('is not found in another answer', () => {
    expect(parseFlagz({kind: 'Status', code: 404})).toBeUndefined();
    expect(parseFlagz('404 page not found')).toBeUndefined();
  });
});

describe('/metrics', () => {
  const operation = (labels: string, value = 3) =>
    `apiserver_storage_transformation_operations_total{${labels}} ${value}\n`;
  const proof =
    'resource="secrets",status="OK",transformation_type="to_storage",transformer_prefix="k8s:enc:secretbox:v1:"';

  it('proves encryption by Secrets that were written encrypted, and by nothing weaker', () => {
    expect(readMetrics(operation(proof))).toEqual({encryptsSecrets: true});
    for (const [from, to] of [
      ['to_storage', 'from_storage'],
      ['"secrets"', '"configmaps"'],
      ['k8s:enc:secretbox:v1:', 'key1:'],
    ] as const) {
      expect(readMetrics(operation(proof.replace(from, to)))).toEqual({});
    }
    expect(readMetrics(operation(proof, 0))).toEqual({});
  });

  it('shows auditing by events and levels, a policy of None alone is no auditing', () => {
    expect(readMetrics('apiserver_audit_event_total 90\n')).toEqual({audits: true});
    expect(
      readMetrics('apiserver_audit_event_total 0\napiserver_audit_level_total{level="None"} 9\n'),
    ).toEqual({audits: false});
    expect(
      readMetrics('apiserver_audit_event_total 0\napiserver_audit_level_total{level="Metadata"} 1\n'),
    ).toEqual({audits: true});
    expect(readMetrics('go_goroutines 12\n')).toEqual({});
  });
});

it('tells from the answer to a stranger whether it is let in', () => {
  expect([403, 200, 401, 500].map(anonymousFromStatus)).toEqual([true, true, false, undefined]);
});

describe('what kubeadm records', () => {
  const evidence = ['known from ConfigMap kubeadm-config: recorded, and may have been changed since'];

  it('passes C-0066 by the flag in it, and fails C-0067 that has no policy', () => {
    const found = apiServerOfKubeadm(kubeadm!.object);
    expect(verdict(c0066, found)).toEqual({status: 'passed', all: 1, evidence});
    expect(verdict(c0067, found)).toEqual({status: 'failed', all: 1, evidence});
  });

  it('reads the older form, a mapping', () => {
    const text = 'kind: ClusterConfiguration\napiServer:\n  extraArgs:\n    insecure-port: "8080"\n';
    const found = apiServerOfKubeadm({data: {ClusterConfiguration: text}});
    expect(verdict(c0005, found).status).toBe('failed');
  });

  it('is nothing in a broken or foreign ConfigMap', () => {
    expect(apiServerOfKubeadm({data: {ClusterConfiguration: 'a: [b'}})).toBeUndefined();
    expect(apiServerOfKubeadm({data: {ClusterConfiguration: 'kind: Other'}})).toBeUndefined();
    expect(kubeletOfConfigMap({data: {}})).toBeUndefined();
  });

  it('fails C-0069 by what all nodes get, and passes C-0070', () => {
    const found = kubeletOfConfigMap(kubelets!.object);
    expect(verdict(c0069, found)).toMatchObject({status: 'failed', all: 1});
    expect(verdict(c0070, found)).toEqual({
      status: 'passed',
      all: 1,
      evidence: [
        'known from ConfigMap kubelet-config, which nodes get when they join: recorded, and may have been changed since',
      ],
    });
  });
});

describe('what k3s records', () => {
  it('passes C-0005, C-0066 and C-0067 by the arguments of its server node', () => {
    const found = apiServerOfNode(server!);
    for (const control of [c0005, c0066, c0067]) {
      expect(verdict(control, found)).toEqual({
        status: 'passed',
        all: 1,
        evidence: [
          'known from annotation k3s.io/node-args of node cp, beside what k3s sets by itself: recorded, and may have been changed since',
        ],
      });
    }
  });

  it('fails C-0066 without --secrets-encryption', () => {
    const plain = resourceOf({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {name: 'cp', annotations: {'k3s.io/node-args': '["server"]'}},
    });
    expect(verdict(c0066, apiServerOfNode(plain)).status).toBe('failed');
  });

  it('has an API server on a server only, a kubelet on every node', () => {
    expect(apiServerOfNode(agent!)).toBeUndefined();
    expect(apiServerOfNode(managed!)).toBeUndefined();
    expect(kubeletOfNode(managed!)).toBeUndefined();
    const both = [kubeletOfNode(server!), kubeletOfNode(agent!)];
    expect(verdict(c0069, ...both)).toMatchObject({status: 'failed', all: 2});
    expect(verdict(c0070, ...both)).toMatchObject({status: 'passed', all: 2});
  });

  it('goes after the configz of the same node', () => {
    const asked = kubeletResource(
      'cp',
      {authentication: {anonymous: {enabled: false}}},
      'configz of node cp',
    );
    expect(verdict(c0069, kubeletOfNode(server!), asked, kubeletOfNode(agent!))).toMatchObject({
      status: 'passed',
      all: 2,
    });
  });
});

describe('a managed cluster', () => {
  const provider = expect.stringContaining('The provider runs this API server');

  it('is not evaluated where nothing shows: the provider manages it', () => {
    for (const control of [c0066, c0067]) {
      expect(verdict(control, managed, behaviour({}))).toEqual({
        status: 'notEvaluated',
        all: 0,
        reason: provider,
      });
    }
  });

  it('passes C-0005 by its version, and C-0066 and C-0067 by its metrics', () => {
    const seen = behaviour({encryptsSecrets: true, audits: true});
    const evidence = ['known from its /metrics: inferred from what it does'];
    for (const control of [c0005, c0066, c0067]) {
      expect(verdict(control, managed, seen)).toEqual({status: 'passed', all: 1, evidence});
    }
    expect(verdict(c0005, managed, behaviour({}, 'v1.19.9')).status).toBe('notEvaluated');
    expect(verdict(c0067, managed, behaviour({audits: false})).status).toBe('failed');
  });

  it('passes C-0068 by the labels of its namespaces', () => {
    const [namespace, pod] = parseObjects(`
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline}}
---
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: shop}
spec: {containers: [{name: a, image: a}]}
`).map((object) => resourceOf(object));
    expect(verdict(c0068, namespace, pod, behaviour({})).status).toBe('passed');
    expect(verdict(c0068, pod, behaviour({}, 'v1.20.1')).status).toBe('notEvaluated');
  });
});

describe('the ladder', () => {
  it('takes the flags of what runs before what was recorded or shown', () => {
    const running = flagz({'encryption-provider-config': ''});
    const proof = behaviour({encryptsSecrets: true});
    expect(verdict(c0066, apiServerOfKubeadm(kubeadm!.object), running, proof)).toEqual({
      status: 'failed',
      all: 1,
      evidence: ['known from its /flagz: in effect'],
    });
  });

  it('takes a proof by behaviour before what was recorded', () => {
    const recorded = apiServerOfKubeadm({data: {ClusterConfiguration: 'kind: ClusterConfiguration'}});
    expect(verdict(c0066, recorded, behaviour({encryptsSecrets: true})).status).toBe('passed');
    expect(verdict(c0066, recorded, behaviour({})).status).toBe('failed');
  });

  it('counts each static pod, and nothing beside them', () => {
    const pods = ['a', 'b'].map((name) =>
      resourceOf({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {name: `kube-apiserver-${name}`, namespace: 'kube-system'},
        spec: {containers: [{name: 'kube-apiserver', command: ['kube-apiserver']}]},
      }),
    );
    expect(verdict(c0066, flagz({}), ...pods)).toEqual({
      status: 'failed',
      all: 2,
      evidence: ['known from the arguments of its static pod: in effect'],
    });
  });
});
