import {describe, expect, it} from 'vitest';
import {
  describeRefusals,
  labelledLevel,
  type PodSecurityLevel,
  podSecurityRefusals,
  strictestLevel,
} from '../../src/engine/pod-security.ts';
import {parseObjects} from '../helpers/test-control.ts';

const podOf = (yaml: string) => ({spec: parseObjects(yaml)[0]!});
const refused = (level: PodSecurityLevel, yaml: string) =>
  describeRefusals(podSecurityRefusals(level, podOf(yaml)));

const hardened = `
securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
containers:
- name: web
  securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}
volumes:
- {name: tmp, emptyDir: {}}
- {name: token, projected: {sources: []}}
`;

describe('Pod Security Standards', () => {
  it('let a hardened pod into every level', () => {
    expect(refused('restricted', hardened)).toBe('');
    expect(strictestLevel([podOf(hardened)])).toBe('restricted');
  });

  it('refuse a bare pod at restricted only, in the words of the API server', () => {
    const bare = 'containers: [{name: web}]';
    expect(refused('baseline', bare)).toBe('');
    expect(refused('restricted', bare)).toBe(
      'allowPrivilegeEscalation != false (container "web" must set securityContext.allowPrivilegeEscalation=false), ' +
        'unrestricted capabilities (container "web" must set securityContext.capabilities.drop=["ALL"]), ' +
        'runAsNonRoot != true (pod or container "web" must set securityContext.runAsNonRoot=true), ' +
        'seccompProfile (pod or container "web" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
    );
    expect(strictestLevel([podOf(hardened), podOf(bare)])).toBe('baseline');
  });

  it('name init containers first, and each forbidden value once', () => {
    expect(
      refused(
        'baseline',
        `
hostPID: true
hostNetwork: true
initContainers: [{name: init, securityContext: {privileged: true}}]
containers:
- {name: web, securityContext: {privileged: true, capabilities: {add: [SYS_ADMIN, NET_ADMIN]}}, ports: [{hostPort: 80}, {hostPort: 443}]}
volumes: [{name: root, hostPath: {path: /}}]
`,
      ),
    ).toBe(
      'non-default capabilities (container "web" must not include "NET_ADMIN", "SYS_ADMIN" in securityContext.capabilities.add), ' +
        'host namespaces (hostNetwork=true, hostPID=true), hostPath volumes (volume "root"), ' +
        'hostPort (container "web" uses hostPorts 443, 80), ' +
        'privileged (containers "init", "web" must not set securityContext.privileged=true)',
    );
  });

  it('tell a forbidden value of the pod from one of a container', () => {
    const pod = `
securityContext: {seccompProfile: {type: Unconfined}, seLinuxOptions: {type: spc_t, user: root}}
containers: [{name: web, securityContext: {seccompProfile: {type: Unconfined}, procMount: Unmasked}}]
`;
    expect(refused('baseline', pod)).toBe(
      'procMount (container "web" must not set securityContext.procMount to "Unmasked"), ' +
        'seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type "spc_t"; user may not be set), ' +
        'seccompProfile (pod and container "web" must not set securityContext.seccompProfile.type to "Unconfined")',
    );
  });

  it('report a hostPath at restricted as a volume type, not twice', () => {
    expect(
      refused(
        'restricted',
        `${hardened}- {name: root, hostPath: {path: /}}\n- {name: share, nfs: {path: /}}`,
      ),
    ).toBe('restricted volume types (volumes "root", "share" use restricted volume types "hostPath", "nfs")');
  });

  it('relax root in a user namespace, not an unmasked /proc at restricted', () => {
    const pod = `
hostUsers: false
securityContext: {runAsUser: 0, seccompProfile: {type: RuntimeDefault}}
containers:
- name: web
  securityContext: {procMount: Unmasked, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
`;
    expect(refused('baseline', pod)).toBe('');
    expect(refused('restricted', pod)).toBe(
      'procMount (container "web" must not set securityContext.procMount to "Unmasked")',
    );
  });

  it('ask nothing of Linux from a Windows pod, but that it stays off the host', () => {
    const pod = `
os: {name: windows}
securityContext: {runAsNonRoot: true, windowsOptions: {hostProcess: true}}
containers: [{name: web}]
`;
    expect(refused('restricted', pod)).toBe(
      'hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)',
    );
  });

  it('look at hosts of probes, at sysctls and at annotations of AppArmor', () => {
    const [metadata, spec] = parseObjects(`
annotations: {container.apparmor.security.beta.kubernetes.io/web: unconfined}
---
securityContext: {sysctls: [{name: kernel.msgmax}, {name: net.ipv4.tcp_rmem}]}
containers: [{name: web, readinessProbe: {httpGet: {host: 10.0.0.1}}, lifecycle: {preStop: {tcpSocket: {host: db}}}}]
`);
    expect(describeRefusals(podSecurityRefusals('baseline', {metadata: metadata!, spec: spec!}))).toBe(
      'forbidden AppArmor profile (annotation must not set AppArmor profile type to ' +
        '"container.apparmor.security.beta.kubernetes.io/web="unconfined""), ' +
        'probe or lifecycle host (container "web" uses probe or lifecycle hosts "10.0.0.1", "db"), ' +
        'forbidden sysctls (kernel.msgmax)',
    );
  });
});

describe('the label of a namespace', () => {
  it('sets a level per mode, and none when it is misspelt', () => {
    const [namespace] = parseObjects(
      'metadata: {labels: {pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/warn: strict}}',
    );
    expect(labelledLevel(namespace!)).toBe('baseline');
    expect(labelledLevel(namespace!, 'warn')).toBeUndefined();
    expect(labelledLevel(namespace!, 'audit')).toBeUndefined();
  });
});
