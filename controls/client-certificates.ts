import type {Fix} from '../src/engine/change.ts';
import {clientCertificateOf} from '../src/engine/client-certificate.ts';
import {type ControlMeta, defineControl, type Finding} from '../src/engine/control.ts';
import {longDate} from '../src/engine/exceptions.ts';
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
    masters:
      'You sign in by a client certificate of group {found}, as {name}: no role limits that group, no binding takes it back, and the certificate works for whoever copies it until {until}. Sign in as somebody whom RBAC knows, and lock this one away.',
    own: 'You sign in as {name} by a client certificate that lives {found}: nobody can revoke it, and whoever copies it is that user until {until}. Ask for days, or use an identity provider.',
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

const day = 86_400;

/** What is wrong with the certificate that this very connection signs in with. */
function* ofOwn(resource: Resource): Iterable<Finding<'masters' | 'own'>> {
  const {user, groups, from, until} = clientCertificateOf(resource);
  const seconds = (Date.parse(until) - Date.parse(from)) / 1000;
  const data = {name: user, by: user, until: longDate(until.slice(0, 10))};
  if (groups.includes('system:masters')) {
    yield {message: 'masters', path: ['groups'], found: 'system:masters', data};
  } else if (seconds > longest) {
    yield {message: 'own', path: ['until'], found: `${Math.round(seconds / day)} days`, data};
  }
}

export const clientCertificates = defineControl({
  meta,
  kinds: ['CertificateSigningRequest', 'ClientCertificate'],
  counts: (one) => one.kind === 'ClientCertificate' || (isForClients(one) && isApproved(one)),
  *check(resource) {
    if (resource.kind === 'ClientCertificate') {
      yield* ofOwn(resource);
      return;
    }
    const {object, name} = resource;
    const {expirationSeconds, username} = asObject(object.spec);
    if (typeof expirationSeconds === 'number' && expirationSeconds <= longest) return;
    yield {
      message: 'long',
      path: ['spec', 'expirationSeconds'],
      found:
        typeof expirationSeconds === 'number'
          ? `${Math.round(expirationSeconds / day)} days`
          : 'as long as the signer gives, a year by default',
      data: {name, by: asString(username)},
    };
  },
  fixes: (failures) =>
    failures.map(({resource: {kind, name, key}}) =>
      kind === 'ClientCertificate'
        ? another(name, key)
        : manualFix(meta, key, {
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

const another = (name: string, key: string): Fix =>
  manualFix(meta, key, {
    approach: 'another way to sign in',
    summary: 'gives you a user whom RBAC knows, for days or by an identity provider',
    scope: 'cluster',
    steps: [
      'Bind what you need to a user or group of your own: kubectl create clusterrolebinding NAME --clusterrole=ROLE --group=YOUR-GROUP',
      'Get a way to sign in as that: OIDC (--authentication-config of the API server), or for days kubeadm kubeconfig user --client-name=YOU --org=YOUR-GROUP --validity-period=24h',
      `Put the kubeconfig of ${name} where only an emergency opens it. If others could read it, only a new CA of the cluster ends it.`,
      'Verify: kubectl auth whoami shows your own name, and no group system:masters.',
    ],
  });
