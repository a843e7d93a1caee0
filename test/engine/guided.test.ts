import {describe, expect, it} from 'vitest';
import {c0066} from '../../controls/c-0066.ts';
import {c0069} from '../../controls/c-0069.ts';
import {serverProfiling} from '../../controls/server-profiling.ts';
import type {AnyControl} from '../../src/engine/control.ts';
import {apiServerResource} from '../../src/engine/evidence.ts';
import {guidedLines} from '../../src/engine/guided.ts';
import {kubeletResource} from '../../src/engine/kubelet.ts';
import {nodeFileResource} from '../../src/engine/node-file.ts';
import type {Resource} from '../../src/engine/objects.ts';
import {Scanner} from '../../src/engine/scan.ts';
import {apiServer} from '../controls/api-server.ts';
import {frameworkOf, inventoryOf} from '../helpers/test-control.ts';

function guided(control: AnyControl, objects: string, more: readonly Resource[] = []) {
  const inventory = inventoryOf(objects, more);
  const {failures} = new Scanner(frameworkOf(control), inventory).scan().controls[0]!;
  const fixes = [...control.fixes(failures, inventory)];
  return {kinds: fixes.map(({kind}) => kind), lines: guidedLines(fixes, inventory)};
}

describe('what to change by hand in files of nodes', () => {
  it('is the flag among those that the static pod shows', () => {
    expect(guided(serverProfiling, apiServer(['--profiling=true', '--secure-port=6443']))).toEqual({
      kinds: ['manual'],
      lines: [
        '/etc/kubernetes/manifests/kube-apiserver.yaml on node cp',
        '  (4 lines as they are)',
        '  spec:',
        '    containers:',
        '    - name: kube-apiserver',
        '      command:',
        '      - kube-apiserver',
        '-     - --profiling=true',
        '+     - --profiling=false',
        '      - --secure-port=6443',
      ],
    });
  });

  it('is the line alone where only the server itself shows its flags', () => {
    const server = apiServerResource({
      name: 'kube-apiserver',
      flags: [['profiling', 'true']],
      evidence: {rung: 'flagz', source: 'its /flagz', confidence: 'running'},
    });
    expect(guided(serverProfiling, '', [server]).lines).toEqual([
      '/etc/kubernetes/manifests/kube-apiserver.yaml',
      '  spec:',
      '    containers:',
      '    - name: kube-apiserver',
      '      command:',
      '      - kube-apiserver',
      '+     - --profiling=false',
    ]);
  });

  it('is told for every node', () => {
    const bad = {authentication: {anonymous: {enabled: true}}};
    const {lines} = guided(c0069, '', [
      kubeletResource('a', bad, 'configz'),
      kubeletResource('b', bad, 'configz'),
    ]);
    expect(lines.filter((line) => line.includes(' on node '))).toEqual([
      '/var/lib/kubelet/config.yaml on node a',
      '/var/lib/kubelet/config.yaml on node b',
    ]);
    expect(lines).toContain('+     enabled: false');
  });

  it('holds no key, and names the file that is new', () => {
    const {lines} = guided(c0066, apiServer(['--secure-port=6443']));
    expect(lines).toContain('/etc/kubernetes/enc/enc.yaml on node cp');
    expect(lines).toContain('+         secret: "a key of your own: head -c 32 /dev/urandom | base64"');
    expect(lines).toContain('+     - --encryption-provider-config=/etc/kubernetes/enc/enc.yaml');
  });

  it('is not by hand where the files are there to be edited', () => {
    const config = {kind: 'KubeletConfiguration', authentication: {anonymous: {enabled: true}}};
    const file = nodeFileResource('a', '/var/lib/kubelet/config.yaml', config);
    expect(guided(c0069, '', [kubeletResource('a', config, 'configz'), file])).toEqual({
      kinds: ['review'],
      lines: [],
    });
  });
});
