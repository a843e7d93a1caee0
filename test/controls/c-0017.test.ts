import {c0017} from '../../controls/c-0017.ts';
import {testControl} from '../helpers/test-control.ts';
import {deployment, pod, web} from './workloads.ts';

const plain = 'at each container';
const withTmp = 'at each container, /tmp stays writable';

testControl(c0017, [
  {
    name: 'fails without the field, also in an init container',
    objects: deployment('{initContainers: [{name: prepare, image: a}], containers: [{name: web, image: a}]}'),
    counted: 1,
    findings: [
      `${web}.containers[0].securityContext.readOnlyRootFilesystem: not set`,
      `${web}.initContainers[0].securityContext.readOnlyRootFilesystem: not set`,
    ],
    fixed: [
      {
        approach: withTmp,
        objects: deployment(`{
          initContainers: [{name: prepare, image: a, securityContext: {readOnlyRootFilesystem: true},
            volumeMounts: [{name: kubekata-tmp-prepare, mountPath: /tmp}]}],
          containers: [{name: web, image: a, securityContext: {readOnlyRootFilesystem: true},
            volumeMounts: [{name: kubekata-tmp-web, mountPath: /tmp}]}],
          volumes: [{name: kubekata-tmp-web, emptyDir: {}}, {name: kubekata-tmp-prepare, emptyDir: {}}]}`),
        leaves: [],
      },
      {
        approach: plain,
        objects: deployment(`{
          initContainers: [{name: prepare, image: a, securityContext: {readOnlyRootFilesystem: true}}],
          containers: [{name: web, image: a, securityContext: {readOnlyRootFilesystem: true}}]}`),
        leaves: [],
      },
    ],
  },
  {
    name: 'passes at true',
    objects: deployment(
      '{containers: [{name: web, image: a, securityContext: {readOnlyRootFilesystem: true}}]}',
    ),
    findings: [],
  },
  {
    name: 'fails at false, and leaves a volume that is at /tmp already',
    objects: pod(`{
      volumes: [{name: t, emptyDir: {}}],
      containers: [{name: a, image: a, securityContext: {readOnlyRootFilesystem: false}, volumeMounts: [{name: t, mountPath: /tmp}]}]}`),
    findings: ['Pod/shop/one spec.containers[0].securityContext.readOnlyRootFilesystem: false'],
    fixed: [withTmp, plain].map((approach) => ({
      approach,
      objects: pod(`{
        volumes: [{name: t, emptyDir: {}}],
        containers: [{name: a, image: a, securityContext: {readOnlyRootFilesystem: true}, volumeMounts: [{name: t, mountPath: /tmp}]}]}`),
    })),
  },
  {
    name: 'looks at ephemeral containers, which go when the pod is made anew',
    objects: pod(`{
      containers: [{name: a, image: a, securityContext: {readOnlyRootFilesystem: true}}],
      ephemeralContainers: [{name: debug, image: b}]}`),
    findings: ['Pod/shop/one spec.ephemeralContainers[0].securityContext.readOnlyRootFilesystem: not set'],
  },
  {
    name: 'passes in a Windows pod, where the API refuses the field',
    objects: deployment('{nodeSelector: {kubernetes.io/os: windows}, containers: [{name: web, image: a}]}'),
    findings: [],
  },
]);
