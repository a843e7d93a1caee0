import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import {asArray, asObject, asString} from '../src/engine/json.ts';
import type {Resource} from '../src/engine/objects.ts';
import {manualFix} from './shared/manual.ts';

const longest = 30 * 24 * 3600;

const meta = {
  id: 'client-certificates',
  title: 'Client certificates that live long',
  practice: 'authentication',
  baseScore: 5,
  needs: ['CertificateSigningRequest'],
  messages: {
    long: 'Request {name} of {by} was approved for a client certificate that lives {found}: nobody can revoke it, and whoever copies it is that user until then. Ask for days, by expirationSeconds, or use an identity provider.',
  },
  references: [
    'Kubernetes Hardening Guidance, Authentication and authorization: Authentication',
    'https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/',
  ],
} satisfies ControlMeta;

const isApproved = ({object}: Resource): boolean =>
  asArray(asObject(object.status).conditions).some((one) => asObject(one).type === 'Approved');

/** Those for people and programs; kubelets have a signer of their own, and renew by themselves. */
const isForClients = ({object}: Resource): boolean =>
  asObject(object.spec).signerName === 'kubernetes.io/kube-apiserver-client';

export const clientCertificates = defineControl({
  meta,
  kinds: ['CertificateSigningRequest'],
  counts: (request) => isForClients(request) && isApproved(request),
  *check({object, name}) {
    const {expirationSeconds, username} = asObject(object.spec);
    if (typeof expirationSeconds === 'number' && expirationSeconds <= longest) return;
    yield {
      message: 'long',
      path: ['spec', 'expirationSeconds'],
      found:
        typeof expirationSeconds === 'number'
          ? `${Math.round(expirationSeconds / 86_400)} days`
          : 'as long as the signer gives, a year by default',
      data: {name, by: asString(username)},
    };
  },
  fixes: (failures) =>
    failures.map(({resource: {name, key}}) =>
      manualFix(meta, key, {
        approach: 'a short one instead',
        summary: 'hands out a short certificate, and takes the rights of the long one',
        steps: [
          `See whom it names: kubectl get csr ${name} -o jsonpath='{.spec.request}' | base64 -d | openssl req -noout -subject`,
          'Give that person another user name, with a certificate of days (expirationSeconds: 86400) or a sign-in by OIDC.',
          'Take the old user name out of every binding: that ends the rights, the certificate itself can not be revoked. One of group system:masters ends with a new CA only.',
          `Then delete the request: kubectl delete csr ${name}`,
          'Verify: kubectl auth can-i --list --as=OLD-NAME shows no more than what everybody may.',
        ],
      }),
    ),
});
