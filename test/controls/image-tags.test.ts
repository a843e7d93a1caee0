import {imageTags} from '../../controls/image-tags.ts';
import {testControl} from '../helpers/test-control.ts';
import {deployment, web} from './workloads.ts';

const image = (name: string, more = ''): string =>
  deployment(`{${more}containers: [{name: web, image: '${name}'}]}`);
const at = `${web}.containers[0].image`;
const digest = `sha256:${'a'.repeat(64)}`;

testControl(imageTags, [
  {
    name: 'fails with latest, and sets what the person names',
    objects: image('web:latest'),
    findings: [`${at}: web:latest`],
    fixed: [
      {
        approach: 'a version by name',
        answers: {'image of web in Deployment/shop/web': 'web:1.4.2'},
        objects: image('web:1.4.2'),
        leaves: [],
      },
    ],
  },
  {name: 'fails without a tag', objects: image('docker.io/web'), findings: [`${at}: docker.io/web`]},
  {
    name: 'takes the port of a registry for no tag',
    objects: image('registry:5000/web'),
    findings: [`${at}: registry:5000/web`],
  },
  {name: 'passes with a version', objects: image('registry:5000/web:1.4.2'), findings: []},
  {name: 'passes with a digest, whatever the tag', objects: image(`web:latest@${digest}`), findings: []},
  {
    name: 'fails with a label that claims a version',
    objects: image('web').replace('{app: web}', "{app: web, app.kubernetes.io/version: '1.4.2'}"),
    findings: [`${at}: web`],
  },
]);
