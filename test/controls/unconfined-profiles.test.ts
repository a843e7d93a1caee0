import {unconfinedProfiles} from '../../controls/unconfined-profiles.ts';
import {testControl} from '../helpers/test-control.ts';
import {deployment, web} from './workloads.ts';

const container = (context: string, pod = ''): string =>
  deployment(`{${pod}containers: [{name: web, image: a, securityContext: {${context}}}]}`);
const at = `${web}.containers[0].securityContext`;
const note = 'container.apparmor.security.beta.kubernetes.io/web';
const annotated = (annotations: string, context = 'privileged: false'): string =>
  container(context).replace('{labels: {app: web}}', `{labels: {app: web}, annotations: {${annotations}}}`);

testControl(unconfinedProfiles, [
  {
    name: 'fails outside AppArmor, and gives it the profile of the runtime',
    objects: container('appArmorProfile: {type: Unconfined}'),
    findings: [`${at}.appArmorProfile: Unconfined`],
    fixed: [
      {
        approach: 'back into confinement',
        objects: container('appArmorProfile: {type: RuntimeDefault}'),
        leaves: [],
      },
    ],
  },
  {
    name: 'fails for all containers where the pod says so',
    objects: container('privileged: false', 'securityContext: {appArmorProfile: {type: Unconfined}}, '),
    findings: [`${web}.securityContext.appArmorProfile: Unconfined`],
  },
  {
    name: 'passes with a profile of its own',
    objects: container('appArmorProfile: {type: Localhost, localhostProfile: web}'),
    findings: [],
  },
  {
    name: 'fails with a free type of SELinux and an open /proc, and takes both out',
    objects: container('seLinuxOptions: {type: spc_t, level: s0}, procMount: Unmasked'),
    findings: [`${at}.seLinuxOptions.type: spc_t`, `${at}.procMount: Unmasked`],
    fixed: [
      {
        approach: 'back into confinement',
        objects: container('seLinuxOptions: {level: s0}'),
        leaves: [],
      },
    ],
  },
  {
    name: 'passes with a confined type',
    objects: container('seLinuxOptions: {type: container_t}, procMount: Default'),
    findings: [],
  },
  {
    name: 'fails by the old annotation, which no namesake field overrules',
    objects: annotated(`${note}: unconfined`),
    findings: [`Deployment/shop/web spec.template.metadata.annotations["${note}"]: unconfined`],
  },
  {
    name: 'passes where a field overrules it',
    objects: annotated(`${note}: unconfined`, 'appArmorProfile: {type: RuntimeDefault}'),
    findings: [],
  },
  {
    name: 'fails with an annotation that claims a profile for a container of another name',
    objects: annotated(
      'container.apparmor.security.beta.kubernetes.io/side: runtime/default',
      'appArmorProfile: {type: Unconfined}',
    ),
    findings: [`${at}.appArmorProfile: Unconfined`],
  },
]);
