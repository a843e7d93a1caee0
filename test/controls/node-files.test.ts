import {expect, it} from 'vitest';
import {parse} from 'yaml';
import {admissionPlugins} from '../../controls/admission-plugins.ts';
import {anonymousRequests} from '../../controls/anonymous-requests.ts';
import {auditRotation} from '../../controls/audit-rotation.ts';
import {authorizationModes} from '../../controls/authorization-modes.ts';
import {c0005} from '../../controls/c-0005.ts';
import {c0066} from '../../controls/c-0066.ts';
import {c0067} from '../../controls/c-0067.ts';
import {c0069} from '../../controls/c-0069.ts';
import {c0070} from '../../controls/c-0070.ts';
import {kubeletPidLimit} from '../../controls/kubelet-pid-limit.ts';
import {kubeletReadOnlyPort} from '../../controls/kubelet-read-only-port.ts';
import {kubeletSeccompDefault} from '../../controls/kubelet-seccomp-default.ts';
import {serverProfiling} from '../../controls/server-profiling.ts';
import {serverTlsVersion} from '../../controls/server-tls-version.ts';
import {staticTokenFile} from '../../controls/static-token-file.ts';
import type {AnyControl} from '../../src/engine/control.ts';
import {apiServerResource} from '../../src/engine/evidence.ts';
import {asObject, type JsonObject} from '../../src/engine/json.ts';
import {kubeletResource} from '../../src/engine/kubelet.ts';
import {kubeletConfigFile, nodeFileResource} from '../../src/engine/node-file.ts';
import type {Resource} from '../../src/engine/objects.ts';
import {Scanner} from '../../src/engine/scan.ts';
import {frameworkOf, inventoryOf, testControl} from '../helpers/test-control.ts';
import {apiServer} from './api-server.ts';

/** The manifest as it lies on node cp. */
const manifest = (flags: readonly string[]) => {
  const pod = parse(apiServer(flags)) as JsonObject;
  const {nodeName: _, ...spec} = asObject(pod.spec);
  return nodeFileResource('cp', '/etc/kubernetes/manifests/kube-apiserver.yaml', {
    ...pod,
    metadata: {...asObject(pod.metadata), name: 'kube-apiserver'},
    spec,
  });
};

/** By hand it would be checked by nothing else here. */
const isEdited = (control: AnyControl, objects: string, more: readonly Resource[]): void =>
  it(`${control.meta.id} edits the file itself`, () => {
    const inventory = inventoryOf(objects, more);
    const {failures} = new Scanner(frameworkOf(control), inventory).scan().controls[0]!;
    const fixes = [...control.fixes(failures, inventory)];
    expect(fixes.map(({kind}) => kind)).toEqual(['review']);
    expect(fixes.flatMap(({change}) => change.steps).every((step) => step.do === 'file')).toBe(true);
  });

const at = 'Pod/kube-system/kube-apiserver-cp spec.containers[0].command';
const servers = [
  {
    control: admissionPlugins,
    flags: ['--enable-admission-plugins=AlwaysAdmit'],
    finding: `${at}[1]: AlwaysAdmit`,
  },
  {
    control: admissionPlugins,
    flags: ['--enable-admission-plugins=NodeRestriction', '--disable-admission-plugins=PodSecurity'],
    finding: `${at}[1]: NodeRestriction`,
  },
  {
    control: auditRotation,
    flags: ['--audit-log-path=/var/log/a.log', '--audit-log-maxage=7', '--audit-log-maxbackup=20'],
    finding: `${at}[2]: 7`,
  },
  {control: anonymousRequests, flags: ['--anonymous-auth=true'], finding: `${at}[1]: true`},
  {
    control: authorizationModes,
    flags: ['--authorization-mode=AlwaysAllow'],
    finding: `${at}[1]: AlwaysAllow`,
  },
  {control: c0005, flags: ['--insecure-port=8080'], finding: `${at}[1]: 8080`},
  {control: c0066, flags: ['--secure-port=6443'], finding: `${at}: not set`},
  {control: c0067, flags: ['--secure-port=6443'], finding: `${at}: not set`},
  {control: c0067, flags: ['--audit-policy-file=/etc/p.yaml'], finding: `${at}[1]: /etc/p.yaml`},
  {control: serverProfiling, flags: ['--profiling', 'true'], finding: `${at}[1]: true`},
  {control: serverTlsVersion, flags: ['--tls-min-version=VersionTLS10'], finding: `${at}[1]: VersionTLS10`},
  {control: staticTokenFile, flags: ['--token-auth-file=/etc/t.csv'], finding: `${at}[1]: /etc/t.csv`},
] as const;

for (const {control, flags, finding} of servers) {
  isEdited(control, apiServer(flags), [manifest(flags)]);
  testControl(control, [
    {
      name: `is fixed in the file of the node, ${flags.join(' ')}`,
      objects: apiServer(flags),
      more: [manifest(flags)],
      findings: [finding],
    },
  ]);
}

testControl(serverProfiling, [
  {
    name: 'is foreseen also where the server itself shows its flags',
    objects: apiServer(['--profiling=true']),
    more: [
      manifest(['--profiling=true']),
      apiServerResource({
        name: 'kube-apiserver',
        flags: [['profiling', 'true']],
        evidence: {rung: 'flagz', source: 'its /flagz', confidence: 'running'},
      }),
    ],
    findings: [`${at}[1]: true`],
  },
]);

testControl(c0066, [
  {
    name: 'fails with a flag that names a file whose first provider is identity, and is left to a person',
    objects: apiServer(['--encryption-provider-config=/etc/kubernetes/enc/enc.yaml']),
    more: [
      manifest(['--encryption-provider-config=/etc/kubernetes/enc/enc.yaml']),
      nodeFileResource('cp', '/etc/kubernetes/enc/enc.yaml', {
        kind: 'EncryptionConfiguration',
        resources: [{resources: ['secrets'], providers: [{identity: {}}, {aesgcm: {keys: []}}]}],
      }),
    ],
    findings: [
      `${at}[1]: no entry of /etc/kubernetes/enc/enc.yaml that is for secrets begins with a provider that encrypts`,
    ],
    manual: ['in the file of the node'],
  },
  {
    name: 'fails with a flag that names a file which is not there',
    objects: apiServer(['--encryption-provider-config=/etc/none.yaml']),
    more: [manifest(['--encryption-provider-config=/etc/none.yaml'])],
    findings: [`${at}[1]: /etc/none.yaml of node cp is not there, or can not be read`],
    manual: ['in the file of the node'],
  },
]);

const kubelets = [
  {
    control: c0069,
    config: {authentication: {anonymous: {enabled: true}}},
    finding: 'config.authentication.anonymous.enabled: true',
  },
  {control: c0070, config: {}, finding: 'config.authentication.x509.clientCAFile: not set'},
  {control: kubeletPidLimit, config: {podPidsLimit: -1}, finding: 'config.podPidsLimit: -1'},
  {control: kubeletReadOnlyPort, config: {readOnlyPort: 10255}, finding: 'config.readOnlyPort: 10255'},
  {control: kubeletSeccompDefault, config: {}, finding: 'config.seccompDefault: not set'},
] as const;

for (const {control, config, finding} of kubelets) {
  isEdited(control, '', [
    kubeletResource('a', config, 'configz'),
    nodeFileResource('a', kubeletConfigFile, config),
  ]);
  testControl(control, [
    {
      name: 'is fixed in the file of the node',
      objects: '',
      more: [kubeletResource('a', config, 'configz'), nodeFileResource('a', kubeletConfigFile, config)],
      findings: [`Kubelet//a ${finding}`],
    },
  ]);
}
