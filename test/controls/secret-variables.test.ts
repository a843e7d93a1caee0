import {secretVariables} from '../../controls/secret-variables.ts';
import {testControl} from '../helpers/test-control.ts';
import {deployment, web} from './workloads.ts';

const container = (fields: string): string => deployment(`{containers: [{name: web, image: a, ${fields}}]}`);
const variable = 'env: [{name: PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password}}}]';

testControl(secretVariables, [
  {
    name: 'fails at each variable from a Secret',
    objects: container(variable),
    findings: [`${web}.containers[0].env[0].valueFrom.secretKeyRef: db`],
    manual: ['as files'],
  },
  {
    name: 'fails at all of a Secret as variables',
    objects: container('envFrom: [{configMapRef: {name: web}}, {secretRef: {name: db}}]'),
    findings: [`${web}.containers[0].envFrom[1].secretRef: db`],
  },
  {
    name: 'passes with a Secret as files',
    objects: deployment(
      '{containers: [{name: web, image: a, volumeMounts: [{name: s, mountPath: /s}]}], volumes: [{name: s, secret: {secretName: db}}]}',
    ),
    findings: [],
  },
  {
    name: 'fails with a label that claims a vault',
    objects: container(variable).replace('{app: web}', '{app: web, secrets: vault}'),
    findings: [`${web}.containers[0].env[0].valueFrom.secretKeyRef: db`],
  },
]);
