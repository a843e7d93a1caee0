import type {Step} from '../kubectl-both.ts';
import {deployment, map} from './manifests.ts';

/** What a person changes with an editor, and what the server refuses. */
export const edits: readonly Step[] = [
  {run: 'create configmap m --from-literal=colour=blue'},
  {run: 'edit configmap m', editor: 'sed -i s/blue/green/', object: 'configmap m'},
  {run: 'edit configmap m', editor: 'true'},
  {run: 'edit configmap m', editor: 'sed -i s/^data:/daten:/'},
  {run: 'edit configmap m -o json', editor: 'sed -i s/green/red/', object: 'configmap m'},
  {run: 'edit configmap m --output-patch', editor: 'sed -i s/red/blue/'},
  {run: 'edit configmap nothing', editor: 'true'},
  {run: 'edit configmap m', editor: "sed -i 's/name: m/name: n/'"},
  {run: 'edit configmap m --as=jane', editor: 'sed -i s/blue/grey/'},
  {run: 'edit configmap m', editor: 'false'},
  {run: 'edit configmap m', editor: "sed -i 's/^kind:.*/kind: [/'"},
  {run: 'create -f -', input: deployment('web')},
  {run: 'edit deployment web', editor: "sed -i 's/replicas: 2/replicas: 1/'", object: 'deployment web'},
  {run: 'edit deployment web', editor: "sed -i 's/replicas: 1/replicas: -1/'"},
  {run: 'edit deployment web', editor: "sed -i 's/^      app: web/      app: other/'"},
  {
    run: 'edit deployment web --windows-line-endings',
    editor: "sed -i 's/replicas: 1/replicas: 2/'",
    object: 'deployment web',
  },
  {run: 'edit deployment web --subresource=status', editor: 'true'},
  {run: 'edit deployment,configmap', editor: 'true'},
  {run: 'replace --force -f -', input: map('m', 'forced'), object: 'configmap m'},
  {run: 'replace --force -f -', input: map('new', 'forced'), object: 'configmap new'},
  {run: 'replace -f -', input: map('nothing', 'x')},
];
