import type {JsonObject} from './json.ts';
import {objectId, type Resource} from './objects.ts';

/** What the object of a ClientCertificate resource holds: its subject and its time, which are no secret. */
export type ClientCertificate = JsonObject & {
  readonly user: string;
  readonly groups: readonly string[];
  /** Both in ISO form. */
  readonly from: string;
  readonly until: string;
};

/** The certificate that a person signs in with, as an object that controls see like any other. */
export function clientCertificateResource(certificate: ClientCertificate): Resource {
  const id = objectId('ClientCertificate', '', certificate.user);
  return {
    key: id,
    id,
    apiVersion: 'kubekata/v1',
    kind: 'ClientCertificate',
    namespace: '',
    name: certificate.user,
    object: certificate,
    source: 'live',
  };
}

export const clientCertificateOf = (resource: Resource): ClientCertificate =>
  resource.object as ClientCertificate;

/** User and groups of a certificate's subject, one `CN=…` or `O=…` per line, as Kubernetes reads them. */
export function subjectOf(subject: string): {readonly user: string; readonly groups: readonly string[]} {
  const parts = subject.split('\n').map((line) => line.split(/=(.*)/s));
  const values = (wanted: string) => parts.flatMap(([key, value = '']) => (key === wanted ? [value] : []));
  return {user: values('CN')[0] ?? '', groups: values('O')};
}
