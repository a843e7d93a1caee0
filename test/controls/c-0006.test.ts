import {c0006} from '../../controls/c-0006.ts';
import {testControl} from '../helpers/test-control.ts';
import {deployment, web} from './workloads.ts';

const mounting = (mount: string, volume = '{name: v, hostPath: {path: /var/log}}'): string =>
  deployment(`{volumes: [${volume}], containers: [{name: web, image: a, volumeMounts: [${mount}]}]}`);
const field = `${web}.containers[0].volumeMounts[0].readOnly`;

testControl(c0006, [
  {
    name: 'fails at a mount of a hostPath that may be written',
    objects: mounting('{name: v, mountPath: /logs}'),
    findings: [`${field}: not set`],
    fixed: [
      {
        approach: 'at each mount',
        objects: mounting('{name: v, mountPath: /logs, readOnly: true}'),
        leaves: [],
      },
    ],
  },
  {
    name: 'fails at readOnly: false',
    objects: mounting('{name: v, mountPath: /logs, readOnly: false}'),
    findings: [`${field}: false`],
    fixed: [{approach: 'at each mount', objects: mounting('{name: v, mountPath: /logs, readOnly: true}')}],
  },
  {
    name: 'passes where it is read-only',
    objects: mounting('{name: v, mountPath: /logs, readOnly: true}'),
    findings: [],
  },
  {
    name: 'passes where the volume is another',
    objects: mounting('{name: v, mountPath: /logs}', '{name: v, emptyDir: {}}'),
    findings: [],
  },
  {
    name: 'looks at init containers',
    objects: deployment(`{volumes: [{name: v, hostPath: {path: /}}], containers: [],
      initContainers: [{name: prepare, image: a, volumeMounts: [{name: v, mountPath: /host}]}]}`),
    findings: [`${web}.initContainers[0].volumeMounts[0].readOnly: not set`],
  },
]);
