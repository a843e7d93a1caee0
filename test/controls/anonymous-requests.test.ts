import {anonymousRequests} from '../../controls/anonymous-requests.ts';
import {apiServerResource} from '../../src/engine/evidence.ts';
import {testControl} from '../helpers/test-control.ts';
import {apiServer, claiming, unseen} from './api-server.ts';

const server = 'Pod/kube-system/kube-apiserver-cp spec.containers[0].command';
const behaving = (anonymous?: boolean) => [
  apiServerResource({
    name: 'kube-apiserver (what it does)',
    flags: [],
    version: 'v1.36.3',
    observed: anonymous === undefined ? {} : {anonymous},
    evidence: {rung: 'behaviour', source: 'how it answers', confidence: 'inferred'},
  }),
];

testControl(anonymousRequests, [
  {
    name: 'fails by default',
    objects: apiServer([]),
    findings: [`${server}: not set`],
    manual: ['in the file of the node'],
  },
  {name: 'passes when it is off', objects: apiServer(['--anonymous-auth=false']), findings: []},
  {
    name: 'fails with a label that claims it',
    objects: claiming(apiServer(['--anonymous-auth=true'])),
    findings: [`${server}[1]: true`],
  },
  {
    name: 'passes with an authentication configuration, which says itself for what paths',
    objects: apiServer(['--authentication-config=/etc/authn.yaml']),
    findings: [],
  },
  {
    name: 'fails where the server let a stranger in',
    objects: '',
    more: behaving(true),
    findings: ['Component//kube-apiserver (what it does) observed.anonymous: it answered GET /api so'],
  },
  {name: 'passes where it turned one away', objects: '', more: behaving(false), findings: []},
  {
    name: 'is not evaluated where nobody tried',
    objects: '',
    more: behaving(),
    findings: [],
    notEvaluated: unseen,
  },
]);
