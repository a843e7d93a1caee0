import {defaultNamespace} from '../../controls/default-namespace.ts';
import {testControl} from '../helpers/test-control.ts';
import {deployment} from './workloads.ts';

const spec = '{containers: [{name: web, image: a}]}';
const inDefault = deployment(spec).replace('namespace: shop', 'namespace: default');

testControl(defaultNamespace, [
  {
    name: 'fails in default',
    objects: inDefault,
    findings: ['Deployment/default/web metadata.namespace: default'],
    manual: ['a namespace of its own'],
  },
  {
    name: 'fails on disk without a namespace, which is default as well',
    objects: deployment(spec).replace(', namespace: shop', ''),
    findings: ['Deployment//web metadata.namespace: not set'],
  },
  {name: 'passes in one of its own', objects: deployment(spec), findings: []},
  {
    name: 'fails with a label that claims another',
    objects: inDefault.replace('{app: web}', '{app: web, namespace: shop}'),
    findings: ['Deployment/default/web metadata.namespace: default'],
  },
]);
