import {clientCertificates} from '../../controls/client-certificates.ts';
import {clientCertificateResource} from '../../src/engine/client-certificate.ts';
import {testControl} from '../helpers/test-control.ts';

const request = (
  expiration: string,
  {signer = 'kube-apiserver-client', condition = 'Approved', labels = '{}'} = {},
): string => `
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {name: mona, labels: ${labels}}
spec: {signerName: kubernetes.io/${signer}, username: admin, ${expiration}request: x}
status: {conditions: [{type: ${condition}, status: 'True'}]}
`;
const at = 'CertificateSigningRequest//mona spec.expirationSeconds';
const byDefault = [`${at}: as long as the signer gives, a year by default`];

const own = (groups: readonly string[], until: string) => [
  clientCertificateResource({
    user: 'kubernetes-admin',
    groups,
    from: '2026-11-20T10:00:00.000Z',
    until: `${until}T10:00:00.000Z`,
  }),
];

testControl(clientCertificates, [
  {
    name: 'fails with the own one of the group that nothing limits, short as it may be',
    objects: '',
    more: own(['system:masters'], '2026-11-21'),
    findings: ['ClientCertificate//kubernetes-admin groups: system:masters'],
    manual: ['another way to sign in'],
  },
  {
    name: 'fails with the own one that lives a year',
    objects: '',
    more: own(['kubeadm:cluster-admins'], '2027-11-20'),
    findings: ['ClientCertificate//kubernetes-admin until: 365 days'],
    manual: ['another way to sign in'],
  },
  {
    name: 'passes with the own one of a day, of a group that is called like it',
    objects: '',
    more: own(['system:masters-of-the-shop'], '2026-11-21'),
    counted: 1,
    findings: [],
  },
  {
    name: 'fails where the signer decides',
    objects: request(''),
    counted: 1,
    findings: byDefault,
    manual: ['a short one instead'],
  },
  {
    name: 'fails with a year',
    objects: request('expirationSeconds: 31536000, '),
    findings: [`${at}: 365 days`],
  },
  {name: 'passes with a day', objects: request('expirationSeconds: 86400, '), counted: 1, findings: []},
  {
    name: 'does not count what was denied',
    objects: request('', {condition: 'Denied'}),
    counted: 0,
    findings: [],
  },
  {
    name: 'does not count those of kubelets',
    objects: request('', {signer: 'kube-apiserver-client-kubelet'}),
    counted: 0,
    findings: [],
  },
  {
    name: 'fails with a label that claims a day',
    objects: request('', {labels: '{lifetime: 1d}'}),
    findings: byDefault,
  },
]);
