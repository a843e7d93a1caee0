import type {FrameworkEntry} from '../engine/control.ts';
import {apiServerResource} from '../engine/evidence.ts';
import {Inventory} from '../engine/inventory.ts';
import {kubeletResource} from '../engine/kubelet.ts';
import {Scanner} from '../engine/scan.ts';
import {guideOfControl} from './fix/guide.ts';

/** A control plane and a kubelet that have everything wrong, so that each control shows what to change. */
const open = (): Inventory =>
  new Inventory([
    apiServerResource({
      name: 'kube-apiserver',
      flags: [
        ['insecure-port', '8080'],
        ['tls-min-version', 'VersionTLS10'],
        ['token-auth-file', '/etc/kubernetes/tokens.csv'],
      ],
      evidence: {rung: 'flagz', source: 'nothing', confidence: 'running'},
    }),
    kubeletResource('NODE', {authentication: {anonymous: {enabled: true}}, readOnlyPort: 10255}, 'nothing'),
  ]);

/** What a person does on the nodes for this control, whatever the cluster; nothing for controls that are not about them. */
export function nodeGuide(entry: FrameworkEntry): readonly string[] {
  const inventory = open();
  const framework = {
    id: 'guide',
    title: 'guide',
    scoring: 'mean',
    entries: [entry],
    excuses: () => undefined,
  } as const;
  const [result] = new Scanner(framework, inventory).scan().controls;
  return result === undefined || result.status !== 'failed' ? [] : guideOfControl(result, inventory);
}
