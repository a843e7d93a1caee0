import {admissionPlugins} from '../../controls/admission-plugins.ts';
import {testControl} from '../helpers/test-control.ts';
import {apiServer, claiming, unseen} from './api-server.ts';

testControl(admissionPlugins, [
  {
    name: 'fails without NodeRestriction',
    objects: apiServer(['--enable-admission-plugins=AlwaysPullImages']),
    findings: ['Pod/kube-system/kube-apiserver-cp spec.containers[0].command[1]: AlwaysPullImages'],
    manual: ['in the file of the node'],
  },
  {
    name: 'fails with AlwaysAdmit',
    objects: apiServer(['--enable-admission-plugins=NodeRestriction,AlwaysAdmit']),
    findings: [
      'Pod/kube-system/kube-apiserver-cp spec.containers[0].command[1]: NodeRestriction,AlwaysAdmit',
    ],
    manual: ['in the file of the node'],
  },
  {
    name: 'fails where Pod Security is switched off',
    objects: apiServer([
      '--enable-admission-plugins=NodeRestriction',
      '--disable-admission-plugins=PodSecurity',
    ]),
    findings: ['Pod/kube-system/kube-apiserver-cp spec.containers[0].command[1]: NodeRestriction'],
    manual: ['in the file of the node'],
  },
  {
    name: 'passes with NodeRestriction',
    objects: apiServer(['--enable-admission-plugins=NodeRestriction']),
    findings: [],
  },
  {
    name: 'fails with a label that claims it, and the same flags',
    objects: claiming(apiServer(['--enable-admission-plugins=AlwaysPullImages'])),
    findings: ['Pod/kube-system/kube-apiserver-cp spec.containers[0].command[1]: AlwaysPullImages'],
  },
  {
    name: 'is not evaluated where no flags are seen',
    objects: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: kube-system}',
    findings: [],
    notEvaluated: unseen,
  },
]);
