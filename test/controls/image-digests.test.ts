import {imageDigests} from '../../controls/image-digests.ts';
import {testControl} from '../helpers/test-control.ts';
import {deployment, web} from './workloads.ts';

const image = (name: string): string => deployment(`{containers: [{name: web, image: '${name}'}]}`);
const at = `${web}.containers[0].image`;

testControl(imageDigests, [
  {
    name: 'fails with a tag alone',
    objects: image('web:1.4.2'),
    findings: [`${at}: web:1.4.2`],
    manual: ['the digest behind the tag'],
  },
  {name: 'passes with a digest', objects: image(`web:1.4.2@sha256:${'a'.repeat(64)}`), findings: []},
  {name: 'fails with half a digest', objects: image('web@sha256:abc'), findings: [`${at}: web@sha256:abc`]},
  {
    name: 'fails with a label that claims a digest',
    objects: image('web:1').replace('{app: web}', '{app: web, digest: pinned}'),
    findings: [`${at}: web:1`],
  },
]);
